/** The lines of a log that tell of executions, in CloudWatch's language of filters: what `from-log.ts` reads. */
export const LOG_FILTER = '{ $.type = "execution" || $.type = "platform.report" || $.type = "platform.initReport" }';
