/**
 * Of the engine's time a minute for the questions of one project. Two questions at a time all the time: far more than a page of
 * dashboards needs (20 people who load it at once: a few seconds), far less than what a store can give to all.
 */
export const ENGINE_MS_PER_MINUTE = 120_000;
