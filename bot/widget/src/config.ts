/** Where the chat is and what the clinic is called: all that the launcher asks for. */

import type { Config } from "./types";

/** The clinic's facts and the sentences of the widget in `language`, or in the nearest one there is. */
export async function loadConfig(origin: string, language: string): Promise<Config> {
  const response = await fetch(`${origin}/api/widget?lang=${encodeURIComponent(language)}`, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  if (!response.ok) throw new Error(`widget config: ${response.status}`);
  return (await response.json()) as Config;
}

/** The sentence `key` with the clinic's facts and `more` filled in. */
export function say(config: Config, key: string, more: Record<string, string | number> = {}): string {
  const { name, phone, oncall_phone, emergency_number } = config.clinic;
  const facts: Record<string, string | number> = {
    clinic_name: name,
    clinic_phone: phone,
    oncall_phone,
    emergency_number,
    ...more,
  };
  return (config.texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, fact: string) => String(facts[fact] ?? whole));
}

/** `tel:` and what a telephone can dial of a number as people write it. */
export function telephone(number: string): string {
  return `tel:${number.replace(/[^\d+]/g, "")}`;
}
