import { createContext, useContext } from "react";

/** Asks for the code of a path's page before it is opened. Without a provider nothing is asked for. */
const PreloadContext = createContext<(path: string) => void>(() => undefined);
export const PreloadProvider = PreloadContext.Provider;

/** How a link prepares for being followed: it knows no page, whoever knows them all says it. */
export const usePreload = () => useContext(PreloadContext);
