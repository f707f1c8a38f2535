import { LANGUAGES } from "../language/languages.ts";
import { switchLanguage } from "../language/start.ts";
import { language, t } from "../language/words.ts";

/** What the dashboard is written in, from here on and in this browser. */
export function LanguageChoice() {
  return (
    <label className="navigation-language">
      <span className="visually-hidden">{t("Language")}</span>
      <select
        className="button quiet small"
        value={language.code}
        onChange={(event) => switchLanguage(event.target.value)}
      >
        {LANGUAGES.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
