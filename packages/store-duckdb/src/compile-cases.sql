-- filter: eq text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x","abc","\"abc\""]

-- filter: not: eq text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","abc","\"abc\""]

-- filter: eq the empty text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x","","\"\""]

-- filter: not: eq the empty text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","","\"\""]

-- filter: eq number, not its text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("numbers"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x",5,"5"]

-- filter: not: eq number, not its text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("numbers"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x",5,"5"]

-- filter: eq text, not its number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x","5","\"5\""]

-- filter: not: eq text, not its number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","5","\"5\""]

-- filter: eq true
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("booleans"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x",true,"true"]

-- filter: not: eq true
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("booleans"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x",true,"true"]

-- filter: eq false is not missing, null or zero
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("booleans"[$3] = $4 OR list_contains("elements"[$3], $5));
-- ["p","visits","x",false,"false"]

-- filter: not: eq false is not missing, null or zero
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("booleans"[$3] = $4 OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x",false,"false"]

-- filter: eq null: missing, null, and a null in a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null'));
-- ["p","visits","x"]

-- filter: not: eq null: missing, null, and a null in a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null')), false));
-- ["p","visits","x"]

-- filter: eq a list compares whole lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("json"[$3] = $4);
-- ["p","visits","x","[\"abc\",5,true]"]

-- filter: not: eq a list compares whole lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("json"[$3] = $4), false));
-- ["p","visits","x","[\"abc\",5,true]"]

-- filter: eq a list with another order
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("json"[$3] = $4);
-- ["p","visits","x","[5,\"abc\",true]"]

-- filter: not: eq a list with another order
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("json"[$3] = $4), false));
-- ["p","visits","x","[5,\"abc\",true]"]

-- filter: eq the empty list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("json"[$3] = $4);
-- ["p","visits","x","[]"]

-- filter: not: eq the empty list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("json"[$3] = $4), false));
-- ["p","visits","x","[]"]

-- filter: eq a nested list is not membership
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("json"[$3] = $4);
-- ["p","visits","x","[\"abc\"]"]

-- filter: not: eq a nested list is not membership
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("json"[$3] = $4), false));
-- ["p","visits","x","[\"abc\"]"]

-- filter: in
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (("booleans"[$3] = $4 OR list_contains("elements"[$3], $5)) OR "strings"[$3] IN ($6) OR "numbers"[$3] IN ($7) OR list_has_any("elements"[$3], $8));
-- ["p","visits","x",false,"false","abc",5.5,["\"abc\"","5.5"]]

-- filter: not: in
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((("booleans"[$3] = $4 OR list_contains("elements"[$3], $5)) OR "strings"[$3] IN ($6) OR "numbers"[$3] IN ($7) OR list_has_any("elements"[$3], $8)), false));
-- ["p","visits","x",false,"false","abc",5.5,["\"abc\"","5.5"]]

-- filter: in with null
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ((NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null')) OR "strings"[$3] IN ($4) OR list_has_any("elements"[$3], $5));
-- ["p","visits","x","5",["\"5\""]]

-- filter: not: in with null
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(((NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null')) OR "strings"[$3] IN ($4) OR list_has_any("elements"[$3], $5)), false));
-- ["p","visits","x","5",["\"5\""]]

-- filter: in with a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (("json"[$3] = $4) OR ("json"[$3] = $5));
-- ["p","visits","x","[[]]","[[\"abc\"]]"]

-- filter: not: in with a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((("json"[$3] = $4) OR ("json"[$3] = $5)), false));
-- ["p","visits","x","[[]]","[[\"abc\"]]"]

-- filter: in nothing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND false;
-- ["p","visits"]

-- filter: not: in nothing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(false, false));
-- ["p","visits"]

-- filter: lt number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("numbers"[$3] < $4);
-- ["p","visits","x",5.5]

-- filter: not: lt number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("numbers"[$3] < $4), false));
-- ["p","visits","x",5.5]

-- filter: lte number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("numbers"[$3] <= $4);
-- ["p","visits","x",5.5]

-- filter: not: lte number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("numbers"[$3] <= $4), false));
-- ["p","visits","x",5.5]

-- filter: gt number does not reach into lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("numbers"[$3] > $4);
-- ["p","visits","x",4]

-- filter: not: gt number does not reach into lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("numbers"[$3] > $4), false));
-- ["p","visits","x",4]

-- filter: gte text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] >= $4);
-- ["p","visits","x","5"]

-- filter: not: gte text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] >= $4), false));
-- ["p","visits","x","5"]

-- filter: lt text takes the empty text, not null
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] < $4);
-- ["p","visits","x","5"]

-- filter: not: lt text takes the empty text, not null
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] < $4), false));
-- ["p","visits","x","5"]

-- filter: exists takes null, not an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL);
-- ["p","visits","x"]

-- filter: not: exists takes null, not an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL), false));
-- ["p","visits","x"]

-- filter: exists on a path inside an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL);
-- ["p","visits","x.y"]

-- filter: not: exists on a path inside an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL), false));
-- ["p","visits","x.y"]

-- filter: contains text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (contains("strings"[$3], $4) OR list_contains("elements"[$3], $5));
-- ["p","visits","x","b","\"b\""]

-- filter: not: contains text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((contains("strings"[$3], $4) OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","b","\"b\""]

-- filter: contains is membership in a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (contains("strings"[$3], $4) OR list_contains("elements"[$3], $5));
-- ["p","visits","x","abc","\"abc\""]

-- filter: not: contains is membership in a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((contains("strings"[$3], $4) OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","abc","\"abc\""]

-- filter: contains the empty text is any text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (contains("strings"[$3], $4) OR list_contains("elements"[$3], $5));
-- ["p","visits","x","","\"\""]

-- filter: not: contains the empty text is any text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((contains("strings"[$3], $4) OR list_contains("elements"[$3], $5)), false));
-- ["p","visits","x","","\"\""]

-- filter: contains number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_contains("elements"[$3], $4);
-- ["p","visits","x","5"]

-- filter: not: contains number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_contains("elements"[$3], $4), false));
-- ["p","visits","x","5"]

-- filter: contains boolean
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_contains("elements"[$3], $4);
-- ["p","visits","x","true"]

-- filter: not: contains boolean
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_contains("elements"[$3], $4), false));
-- ["p","visits","x","true"]

-- filter: regex is found anywhere in text, not in lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND regexp_matches("strings"[$3], $4);
-- ["p","visits","x","b"]

-- filter: not: regex is found anywhere in text, not in lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(regexp_matches("strings"[$3], $4), false));
-- ["p","visits","x","b"]

-- filter: regex of an anchor alone is found in every text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND regexp_matches("strings"[$3], $4);
-- ["p","visits","x","\\z"]

-- filter: not: regex of an anchor alone is found in every text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(regexp_matches("strings"[$3], $4), false));
-- ["p","visits","x","\\z"]

-- filter: regex with empty groups
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND regexp_matches("strings"[$3], $4);
-- ["p","visits","x","\\A(?:a(?:|)(?:(?:|))*b)"]

-- filter: not: regex with empty groups
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(regexp_matches("strings"[$3], $4), false));
-- ["p","visits","x","\\A(?:a(?:|)(?:(?:|))*b)"]

-- filter: regex with anchors
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND regexp_matches("strings"[$3], $4);
-- ["p","visits","x","\\A(?:(?:abc)|[0-9])\\z"]

-- filter: not: regex with anchors
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(regexp_matches("strings"[$3], $4), false));
-- ["p","visits","x","\\A(?:(?:abc)|[0-9])\\z"]

-- filter: regex that matches nothing is found in every text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND regexp_matches("strings"[$3], $4);
-- ["p","visits","x","(?:z)*"]

-- filter: not: regex that matches nothing is found in every text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(regexp_matches("strings"[$3], $4), false));
-- ["p","visits","x","(?:z)*"]

-- filter: same text: the group, not elements of lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("booleans"[$3] = $4 OR "strings"[$3] IN ($5) OR "numbers"[$3] IN ($6));
-- ["p","visits","x",true,"abc",5.5]

-- filter: not: same text: the group, not elements of lists
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("booleans"[$3] = $4 OR "strings"[$3] IN ($5) OR "numbers"[$3] IN ($6)), false));
-- ["p","visits","x",true,"abc",5.5]

-- filter: same list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (("json"[$3] = $4) OR ("json"[$3] = $5));
-- ["p","visits","x","[\"abc\",5,true]","[]"]

-- filter: not: same list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((("json"[$3] = $4) OR ("json"[$3] = $5)), false));
-- ["p","visits","x","[\"abc\",5,true]","[]"]

-- filter: same null: no value, or an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] IS NULL AND "numbers"[$3] IS NULL AND "booleans"[$3] IS NULL AND nullif("json"[$3], 'null') IS NULL);
-- ["p","visits","x"]

-- filter: not: same null: no value, or an object
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("strings"[$3] IS NULL AND "numbers"[$3] IS NULL AND "booleans"[$3] IS NULL AND nullif("json"[$3], 'null') IS NULL), false));
-- ["p","visits","x"]

-- filter: same nothing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND false;
-- ["p","visits"]

-- filter: not: same nothing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(false, false));
-- ["p","visits"]

-- filter: within, of what is no place
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_contains(list_transform([CASE WHEN NOT contains("json"[$3], '"') THEN try_cast("json"[$3] AS DOUBLE[]) END], lambda p: CASE WHEN len(p) = 2 AND abs(p[2] - $4) <= $5 AND abs(p[1]) <= 180 AND abs(p[2]) <= 90 THEN 2 * $6 * asin(sqrt(least(1, (pow(sin(((p[2] * pi() / 180) - $4) / 2), 2) + cos($4) * cos((p[2] * pi() / 180)) * pow(sin(((p[1] - $4) * pi() / 180) / 2), 2))))) <= $7 ELSE false END), true);
-- ["p","visits","x",0,8993.203646239584,6371008.8,1000000000]

-- filter: not: within, of what is no place
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_contains(list_transform([CASE WHEN NOT contains("json"[$3], '"') THEN try_cast("json"[$3] AS DOUBLE[]) END], lambda p: CASE WHEN len(p) = 2 AND abs(p[2] - $4) <= $5 AND abs(p[1]) <= 180 AND abs(p[2]) <= 90 THEN 2 * $6 * asin(sqrt(least(1, (pow(sin(((p[2] * pi() / 180) - $4) / 2), 2) + cos($4) * cos((p[2] * pi() / 180)) * pow(sin(((p[1] - $4) * pi() / 180) / 2), 2))))) <= $7 ELSE false END), true), false));
-- ["p","visits","x",0,8993.203646239584,6371008.8,1000000000]

-- filter: all of nothing is true
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2);
-- ["p","visits"]

-- filter: not: all of nothing is true
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(true, false));
-- ["p","visits"]

-- filter: any of nothing is false
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND false;
-- ["p","visits"]

-- filter: not: any of nothing is false
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(false, false));
-- ["p","visits"]

-- filter: any
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (("strings"[$3] = $4 OR list_contains("elements"[$3], $5)) OR ("numbers"[$3] > $6));
-- ["p","visits","x","abc","\"abc\"",5]

-- filter: not: any
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((("strings"[$3] = $4 OR list_contains("elements"[$3], $5)) OR ("numbers"[$3] > $6)), false));
-- ["p","visits","x","abc","\"abc\"",5]

-- filter: all
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) AND (NOT coalesce((NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null')), false)) AND (NOT coalesce(("strings"[$3] >= $4), false));
-- ["p","visits","x",""]

-- filter: not: all
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) AND (NOT coalesce((NOT ("strings"[$3] IS NOT NULL OR "numbers"[$3] IS NOT NULL OR "booleans"[$3] IS NOT NULL OR "json"[$3] IS NOT NULL) OR "json"[$3] = 'null' OR list_contains("elements"[$3], 'null')), false)) AND (NOT coalesce(("strings"[$3] >= $4), false))), false));
-- ["p","visits","x",""]

-- filter: standard field: text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "page_path" = $3;
-- ["p","visits","/a"]

-- filter: not: standard field: text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce("page_path" = $3, false));
-- ["p","visits","/a"]

-- filter: standard field: text, not a number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND false;
-- ["p","visits"]

-- filter: not: standard field: text, not a number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(false, false));
-- ["p","visits"]

-- filter: standard field: a text that is missing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT "page_path" IS NOT NULL);
-- ["p","visits"]

-- filter: not: standard field: a text that is missing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((NOT "page_path" IS NOT NULL), false));
-- ["p","visits"]

-- filter: standard field: a text that is there
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "page_path" IS NOT NULL;
-- ["p","visits"]

-- filter: not: standard field: a text that is there
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce("page_path" IS NOT NULL, false));
-- ["p","visits"]

-- filter: standard field: inside a text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND contains("page_path", $3);
-- ["p","visits","a"]

-- filter: not: standard field: inside a text
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(contains("page_path", $3), false));
-- ["p","visits","a"]

-- filter: standard field: a number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("engaged_ms" <= $3);
-- ["p","visits",5]

-- filter: not: standard field: a number
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("engaged_ms" <= $3), false));
-- ["p","visits",5]

-- filter: standard field: not a number, or missing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("engaged_ms" <= $3), false));
-- ["p","visits",5]

-- filter: not: standard field: not a number, or missing
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce((NOT coalesce(("engaged_ms" <= $3), false)), false));
-- ["p","visits",5]

-- filter: standard field: a boolean
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "bot_is" = $3;
-- ["p","visits",false]

-- filter: not: standard field: a boolean
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce("bot_is" = $3, false));
-- ["p","visits",false]

-- filter: standard field: an element of a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_contains("bot_reasons", $3);
-- ["p","visits","ip"]

-- filter: not: standard field: an element of a list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_contains("bot_reasons", $3), false));
-- ["p","visits","ip"]

-- filter: standard field: elements are not looked into
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_contains("bot_reasons", $3);
-- ["p","visits","i"]

-- filter: not: standard field: elements are not looked into
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_contains("bot_reasons", $3), false));
-- ["p","visits","i"]

-- filter: standard field: a whole list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND ("bot_reasons" = $3);
-- ["p","visits",["ua","ip"]]

-- filter: not: standard field: a whole list
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(("bot_reasons" = $3), false));
-- ["p","visits",["ua","ip"]]

-- filter: standard field: some element
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND list_has_any("bot_reasons", $3);
-- ["p","visits",["x","ua"]]

-- filter: not: standard field: some element
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce(list_has_any("bot_reasons", $3), false));
-- ["p","visits",["x","ua"]]

-- filter: standard field: an id
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "id" = $3;
-- ["p","visits","x"]

-- filter: not: standard field: an id
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND (NOT coalesce("id" = $3, false));
-- ["p","visits","x"]

-- measure: count
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2);
-- ["p","visits"]

-- measure: count with a filter
SELECT count(*) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: sum
SELECT fsum("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: sum with a filter
SELECT fsum("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: sum inside an object
SELECT fsum("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price.value","p","visits"]

-- measure: average
SELECT favg("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: average with a filter
SELECT favg("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: minimum
SELECT min("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: minimum with a filter
SELECT min("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: maximum
SELECT max("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: maximum with a filter
SELECT max("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: standard deviation
SELECT stddev_pop("numbers"[$1]), favg("numbers"[$1]), min("numbers"[$1]), max("numbers"[$1]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: standard deviation with a filter
SELECT stddev_pop("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), favg("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), min("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), max("numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: percentile
SELECT quantile_disc("numbers"[$1], 0.0700) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: percentile with a filter
SELECT quantile_disc("numbers"[$1], 0.5000) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: percentiles, in the order asked
SELECT quantile_disc("numbers"[$1], [1.0000, 0.0700]) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: percentiles with a filter
SELECT quantile_disc("numbers"[$1], [0.5000]) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: count of distinct values
SELECT count(DISTINCT "strings"[$1]), count(DISTINCT "numbers"[$1]), count(DISTINCT "booleans"[$1]), count(DISTINCT nullif("json"[$1], 'null')) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: count of distinct values with a filter
SELECT count(DISTINCT "strings"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), count(DISTINCT "numbers"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), count(DISTINCT "booleans"[$1]) FILTER (WHERE ("numbers"[$1] > $2)), count(DISTINCT nullif("json"[$1], 'null')) FILTER (WHERE ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: distinct values
SELECT list(DISTINCT "strings"[$1]) FILTER (WHERE "strings"[$1] IS NOT NULL), list(DISTINCT "numbers"[$1]) FILTER (WHERE "numbers"[$1] IS NOT NULL), list(DISTINCT "booleans"[$1]) FILTER (WHERE "booleans"[$1] IS NOT NULL), list(DISTINCT nullif("json"[$1], 'null')) FILTER (WHERE nullif("json"[$1], 'null') IS NOT NULL) FROM events WHERE "project" = $2 AND "collection" IN ($3);
-- ["price","p","visits"]

-- measure: distinct values with a filter
SELECT list(DISTINCT "strings"[$1]) FILTER (WHERE "strings"[$1] IS NOT NULL AND ("numbers"[$1] > $2)), list(DISTINCT "numbers"[$1]) FILTER (WHERE "numbers"[$1] IS NOT NULL AND ("numbers"[$1] > $2)), list(DISTINCT "booleans"[$1]) FILTER (WHERE "booleans"[$1] IS NOT NULL AND ("numbers"[$1] > $2)), list(DISTINCT nullif("json"[$1], 'null')) FILTER (WHERE nullif("json"[$1], 'null') IS NOT NULL AND ("numbers"[$1] > $2)) FROM events WHERE "project" = $3 AND "collection" IN ($4);
-- ["price",3,"p","visits"]

-- measure: distinct times
SELECT list(DISTINCT "timestamp") FILTER (WHERE "timestamp" IS NOT NULL) FROM events WHERE "project" = $1 AND "collection" IN ($2);
-- ["p","visits"]

-- measure: distinct lists of a standard field
SELECT count(DISTINCT "bot_reasons") FROM events WHERE "project" = $1 AND "collection" IN ($2);
-- ["p","visits"]

-- measure: sum of a standard field
SELECT fsum("engaged_ms") FROM events WHERE "project" = $1 AND "collection" IN ($2);
-- ["p","visits"]

-- count in a timeframe
SELECT count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "timestamp" >= 1773014400000 AND "timestamp" < 1773273600000;
-- ["p","visits"]

-- count in intervals
SELECT ("timestamp" - 1773014400000) // 86400000, count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) AND "timestamp" >= 1773014400000 AND "timestamp" < 1773273600000 GROUP BY 1 LIMIT 1000001;
-- ["p","visits"]

-- count grouped by a property
SELECT "strings"[$1], "numbers"[$1], "booleans"[$1], nullif("json"[$1], 'null'), count(*) FROM events WHERE "project" = $2 AND "collection" IN ($3) GROUP BY 1, 2, 3, 4 LIMIT 100001;
-- ["price","p","visits"]

-- count grouped by a text field, a time and a list
SELECT "geo_country", "timestamp", "bot_reasons", count(*) FROM events WHERE "project" = $1 AND "collection" IN ($2) GROUP BY 1, 2, 3 LIMIT 100001;
-- ["p","visits"]

-- count grouped by buckets
SELECT CASE WHEN abs(floor(("numbers"[$1] - $2) / $3)) <= $4 THEN CASE WHEN "numbers"[$1] >= (($5 + (floor(("numbers"[$1] - $2) / $3) + 1) * $6) / $7) THEN floor(("numbers"[$1] - $2) / $3) + 1 WHEN "numbers"[$1] < (($5 + floor(("numbers"[$1] - $2) / $3) * $6) / $7) THEN floor(("numbers"[$1] - $2) / $3) - 1 ELSE floor(("numbers"[$1] - $2) / $3) END END, count(*) FROM events WHERE "project" = $8 AND "collection" IN ($9) GROUP BY 1 LIMIT 100001;
-- ["price",0.05,0.1,1000000000000,5,10,100,"p","visits"]

-- count grouped by buckets of ten
SELECT CASE WHEN abs(floor(("numbers"[$1] - $2) / $3)) <= $4 THEN CASE WHEN "numbers"[$1] >= (($2 + (floor(("numbers"[$1] - $2) / $3) + 1) * $3) / $5) THEN floor(("numbers"[$1] - $2) / $3) + 1 WHEN "numbers"[$1] < (($2 + floor(("numbers"[$1] - $2) / $3) * $3) / $5) THEN floor(("numbers"[$1] - $2) / $3) - 1 ELSE floor(("numbers"[$1] - $2) / $3) END END, count(*) FROM events WHERE "project" = $6 AND "collection" IN ($7) GROUP BY 1 LIMIT 100001;
-- ["price",20,10,1000000000000,1,"p","visits"]

-- count grouped by ranges
SELECT CASE WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" < $1 THEN 0 WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" >= $1 AND "engaged_ms" < $2 THEN 1 END, count(*) FROM events WHERE "project" = $3 AND "collection" IN ($4) GROUP BY 1 LIMIT 100001;
-- [1,5,"p","visits"]

-- count grouped by ranges in intervals
SELECT ("timestamp" - 1773014400000) // 86400000, CASE WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" < $1 THEN 0 WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" >= $1 AND "engaged_ms" < $2 THEN 1 END, count(*) FROM events WHERE "project" = $3 AND "collection" IN ($4) AND "timestamp" >= 1773014400000 AND "timestamp" < 1773273600000 GROUP BY 1, 2 LIMIT 1000001;
-- [1,5,"p","visits"]

-- count grouped by buckets of ten and ranges
SELECT CASE WHEN abs(floor(("numbers"[$1] - $2) / $3)) <= $4 THEN CASE WHEN "numbers"[$1] >= (($2 + (floor(("numbers"[$1] - $2) / $3) + 1) * $3) / $5) THEN floor(("numbers"[$1] - $2) / $3) + 1 WHEN "numbers"[$1] < (($2 + floor(("numbers"[$1] - $2) / $3) * $3) / $5) THEN floor(("numbers"[$1] - $2) / $3) - 1 ELSE floor(("numbers"[$1] - $2) / $3) END END, CASE WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" < $5 THEN 0 WHEN "engaged_ms" IS NOT NULL AND "engaged_ms" >= $5 AND "engaged_ms" < $6 THEN 1 END, count(*) FROM events WHERE "project" = $7 AND "collection" IN ($8) GROUP BY 1, 2 LIMIT 100001;
-- ["price",20,10,1000000000000,1,5,"p","visits"]

-- count grouped in intervals
SELECT ("timestamp" - 1773014400000) // 86400000, "strings"[$1], "numbers"[$1], "booleans"[$1], nullif("json"[$1], 'null'), count(*) FROM events WHERE "project" = $2 AND "collection" IN ($3) AND "timestamp" >= 1773014400000 AND "timestamp" < 1773273600000 GROUP BY 1, 2, 3, 4, 5 LIMIT 1000001;
-- ["price","p","visits"]

-- count of several collections, without bots
SELECT count(*) FROM events WHERE "project" = $1 AND list_contains($2, "collection") AND (NOT coalesce("bot_is" = $3, false));
-- ["p",["visits","clicks"],true]
