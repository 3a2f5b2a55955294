// The claim: how many of each app's background entries a change notification set off, and what set off the others.
import { answerOf, tally, type Tally } from "./answer";
import { DEPTHS, SOURCES, type App, type Claim, type Facts } from "./data";
import { foreign, h, isNarrow, type Child } from "./dom";
import { number } from "./format";
import { following, t, together, word, type Key } from "./text";
import { PARTS, partOf, triggerOf, triggerWord, type Part } from "./trigger";

/** Up to so many apps get their sentences here. */
const MOST_APPS = 8;

/** Entries of one app to show: those of a part, in the background or in any state. */
export type PartOfApp = { app: number; part: Part; background: boolean };

export function claims(facts: Facts, show: (chosen: PartOfApp) => void): HTMLElement | null {
  if (!facts.entries.cause.length) return null;
  const order = [...facts.apps.keys()].sort((a, b) => claimOf(facts, b).entries - claimOf(facts, a).entries || a - b);
  const several = facts.apps.length > 1;
  const shown = order.slice(0, MOST_APPS).sort((a, b) => a - b);
  return h(
    "section",
    { class: "claims", "aria-labelledby": "claim-title" },
    h("h2", { id: "claim-title" }, t("claim.title")),
    h("p", { class: "note" }, t("claim.intro")),
    ...shown.map((app) => claim(facts, app, several, show)),
    order.length > shown.length ? h("p", { class: "note" }, t("claim.more_apps", { n: number(shown.length) })) : null,
  );
}

/** Return the comparator's claim for an app. */
export const claimOf = ({ apps }: Facts, app: number): Claim => apps[app].summary.claims[0];

function claim(facts: Facts, app: number, several: boolean, show: (chosen: PartOfApp) => void): HTMLElement {
  const one = claimOf(facts, app);
  const { id } = facts.apps[app];
  const mine = entriesOf(facts, app);
  const counted = mine.filter((entry) => partOf(facts, entry) !== "picker");
  const background = counted.filter((entry) => stateOf(facts, entry) === "background");
  const found = tally(facts, app, background);
  const [answer, n] = answerOf(found, facts.apps[app].summary.unlinked_reads);
  const whole = t("claim.entries", { n: number(one.entries), count: one.entries });
  const lead = one.entries ? around("claim.background", id, { n: number(one.entries), count: one.entries, parts: parts(found) }) : around(counted.length ? "claim.no_background" : "claim.no_entries", id);
  const deepest = t("claim.deepest", { depth: word("seen", one.deepest_fitting) });
  const fits = one.fits_by_link + one.fits_by_time > 0;
  const all = tally(facts, app, counted);
  return h(
    "div",
    { class: "claim", "data-app": id },
    several ? h("h3", {}, foreign(id)) : null,
    h("p", { class: `answer is-${answer}` }, t(`claim.answer.${answer}`, { n: number(n), count: n, entries: whole })),
    h("p", { class: "lead" }, ...lead, fits ? following(deepest) : null),
    one.entries ? bar(facts, app, background, show) : null,
    elsewhere(facts, counted),
    ...also(counted.length ? h("p", {}, t("claim.all", { n: number(counted.length), count: counted.length, parts: parts(all) }), ...deepestOfAll(facts, counted)) : null, notes(facts, app, mine)),
  );
}

/** What follows the answer. On a phone it is folded, so that the next app's answer is near. */
function also(all: HTMLElement | null, texts: string[]): Child[] {
  const shown = [all, ...texts.map((text) => h("p", { class: "note" }, text))];
  if (!isNarrow() || (!all && !texts.length)) return shown;
  return [h("details", { class: "also" }, h("summary", {}, t("claim.also")), ...shown)];
}

export const stateOf = ({ entries }: Facts, entry: number) => entries.state_words[entries.state[entry]];

const entriesOf = ({ entries }: Facts, app: number) => [...entries.app.keys()].filter((entry) => entries.app[entry] === app);

/** Fill a sentence about an app, whose name is marked up. */
function around(key: Key, id: string, values: Record<string, string | number> = {}): Child[] {
  const [before, after] = t(key, { ...values, app: "\u0000" }).split("\u0000");
  return [before, foreign(id), after];
}

function parts({ parts: counts, else: kinds, byChance }: Tally): string {
  const change = counts.link + counts.time;
  const certainty = [counts.link && t("claim.linked", { n: number(counts.link) }), counts.time && t(byChance ? "claim.chance" : "claim.likely", { n: number(counts.time) })].filter(Boolean);
  const others = kinds.map(({ trigger, count }) => t("claim.kind", { trigger: triggerWord(trigger, "trigger.certain"), n: number(count) }));
  const texts = [
    change ? t("claim.change", { n: number(change), count: change, certainty: certainty.join(t("page.comma")) }) : t("claim.change_none"),
    counts.else ? t("claim.else", { n: number(counts.else), kinds: others.join(t("claim.semicolon")) }) : t("claim.else_none"),
    counts.undecided ? t("claim.undecided", { n: number(counts.undecided), count: counts.undecided }) : t("claim.undecided_none"),
  ];
  if (counts.opens) texts.push(t("claim.opens", { n: number(counts.opens), count: counts.opens }));
  return t("claim.and", { first: texts.slice(0, -1).join(t("claim.comma")), last: texts[texts.length - 1] });
}

function deepestOfAll(facts: Facts, entries: number[]): Child[] {
  const { words } = facts;
  const fitting = entries.filter((entry) => triggerOf(facts, entry).kind === "change" && partOf(facts, entry) !== "opens");
  if (!fitting.length) return [];
  const depths = new Set(fitting.map((entry) => words.depths[facts.entries.depth[entry]]));
  return [following(t("claim.deepest", { depth: word("seen", DEPTHS.find((depth) => depths.has(depth)) ?? "none") }))];
}

/** The parts of the background entries, as a bar and as buttons that show their entries. */
function bar(facts: Facts, app: number, entries: number[], show: (chosen: PartOfApp) => void): HTMLElement {
  const { parts: counts } = tally(facts, app, entries);
  const present = PARTS.filter((part) => counts[part]);
  const pieces = present.map((part) => {
    const piece = h("span", { class: `piece part-${part}` });
    piece.style.flexGrow = String(counts[part]);
    return piece;
  });
  const legend = present.map((part) => {
    const n = number(counts[part]);
    const label = t("part.show", { part: word("part", part), n });
    return h("li", {}, h("button", { type: "button", class: "count", "aria-label": label, "data-part": part, click: () => show({ app, part, background: true }) }, h("span", { class: `swatch part-${part}` }), word("part", part), " ", h("strong", {}, n)));
  });
  return h("div", { class: "claim-bar" }, h("div", { class: "pieces", "aria-hidden": "true" }, ...pieces), h("ul", { class: "parts", "aria-label": t("claim.bar") }, ...legend));
}

/** Say which entries may have been in the background, too: an answer for the others must not hide them. */
function elsewhere(facts: Facts, counted: number[]): HTMLElement | null {
  const [mixed, unknown] = ["mixed", "unknown"].map((state) => counted.filter((entry) => stateOf(facts, entry) === state).length);
  const texts = [mixed && t("claim.mixed", { n: number(mixed) }), unknown && t("claim.unknown", { n: number(unknown) })].filter(Boolean);
  return texts.length ? h("p", { class: "elsewhere" }, t("claim.elsewhere", { parts: texts.join(t("page.comma")) })) : null;
}

/** Say what the numbers leave out, and what could not be seen. */
function notes(facts: Facts, app: number, entries: number[]): string[] {
  const pickers = entries.filter((entry) => partOf(facts, entry) === "picker").length;
  const { unreported } = facts.apps[app];
  const left = [pickers ? t("claim.pickers", { n: number(pickers), count: pickers }) : "", unreported ? t("claim.unreported", { n: number(unreported) }) : ""];
  return [together(...left), unwatched(facts.apps[app])].filter(Boolean);
}

/** Say which origins were not watched. Where no process was watched, the finding's limits say so. */
function unwatched({ segments, watched, trigger_chance }: App): string {
  if (!segments) return "";
  const texts = (["none", "some"] as const).map((share) => {
    const sources = SOURCES.filter((source) => watched[source] === share).map((source) => word("source", source));
    return sources.length ? t(`claim.unwatched.${share}`, { sources: sources.join(t("page.comma")) }) : "";
  });
  const chance = trigger_chance === null ? "" : t("claim.by_chance", { p: trigger_chance });
  return together(...texts, texts.some(Boolean) ? t("claim.unwatched.so") : "", chance);
}
