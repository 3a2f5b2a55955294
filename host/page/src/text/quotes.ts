// What may be written about an app, and what not: one text for each code.
import type { Quote } from "./clauses.gen";
import type { Text } from "./words";

export type QuoteOf<Code extends Quote["code"]> = Extract<Quote, { code: Code }>;
export type QuoteTexts = { [Code in Quote["code"]]: (quote: QuoteOf<Code>) => Text };

export const quoteText = (texts: QuoteTexts, quote: Quote): Text => (texts[quote.code] as (quote: Quote) => Text)(quote);

/** Write a count with a comma at the thousands, as the host does. */
export const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** Write a share in percent, rounded down to a tenth, so that only a whole is 100%. */
export function tenths(share: number, less: string): string {
  const rounded = Math.trunc(share * 1000);
  return rounded || !share ? `${rounded / 10}%` : less;
}

/** Return day and minute of an RFC 3339 time. */
export const minute = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)}`;
