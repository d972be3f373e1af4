/** The states of the four systems that are compared. */
export const STATES = ['up', 'refusing', 'hanging', 'answering 503'] as const;
