import { createContext, useContext, useEffect } from "react";

/** What the open page lets be done to it from outside: by the palette, which is around all pages. */
export interface PageActions {
  /** Opens the dialog for another filter by this property. */
  readonly addFilter?: (field: string) => void;
  readonly showKeys?: () => void;
}

interface Offers {
  readonly offered: () => PageActions;
  /** @returns takes them back */
  readonly offer: (actions: PageActions) => () => void;
}

/** Nothing is drawn from what is offered: it is looked at when somebody asks. */
export function createOffers(): Offers {
  const offers = new Set<PageActions>();
  return {
    offered: () => Object.assign({}, ...offers) as PageActions,
    offer: (actions) => {
      offers.add(actions);
      return () => offers.delete(actions);
    },
  };
}

const OffersContext = createContext<Offers>(createOffers());

export const OffersProvider = OffersContext.Provider;

export function usePageActions(): PageActions {
  return useContext(OffersContext).offered();
}

/** Offers these as long as the part of the page that does them is there. */
export function useOffer(actions: PageActions): void {
  const { offer } = useContext(OffersContext);
  useEffect(() => offer(actions));
}
