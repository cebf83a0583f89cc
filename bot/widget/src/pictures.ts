/** Pictures of parts: only our own, by name. */

/** The address of a part's picture, given its id or its path at the gateway; null for anything else. */
export function picture(name: string | null | undefined, origin: string): string | null {
  const id = /^(?:\/parts\/)?([a-z0-9-]+)(?:\.svg)?$/.exec(name ?? "")?.[1];
  return id ? `${origin}/parts/${id}.svg` : null;
}

/** Where the page of all parts tells about the part of that picture, in `language`. */
export function about(name: string, origin: string, language: string): string {
  const id = /([a-z0-9-]+)(?:\.svg)?$/.exec(name)?.[1];
  return `${origin}/parts?lang=${language}#${id ?? ""}`;
}
