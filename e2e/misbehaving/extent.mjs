// How much of it is run: in CI what differs most; before a release, with EXTENT=all, everything.

export const ALL = process.env.EXTENT === "all";
