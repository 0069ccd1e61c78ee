// The sandbox's clock as the browser knows it: the server's time plus what has passed since.

const clock = { offset: 0, zone: "UTC", suffix: "UTC" };
const formats = new Map();

export function setClock({ now, time_zone: zone, label }) {
  const parsed = Date.parse(now);
  if (!Number.isNaN(parsed)) clock.offset = parsed - Date.now();
  clock.zone = zone || clock.zone;
  clock.suffix = /\s(\S+)$/.exec(label ?? "")?.[1] ?? clock.zone;
}

export function now() {
  return new Date(Date.now() + clock.offset);
}

/** "Sun 22 Nov, 15:30 IST", the wording the server uses, so that the label can tick by itself. */
export function clockLabel() {
  const part = parts(now(), { weekday: "short", day: "numeric", month: "short", ...HOUR });
  return `${part.weekday} ${part.day} ${part.month}, ${part.hour}:${part.minute} ${clock.suffix}`;
}

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SECONDS = { ...HOUR, second: "2-digit" };

function parts(date, options) {
  const key = `${clock.zone}${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: clock.zone, ...options }));
  }
  const found = formats.get(key).formatToParts(date);
  return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}

/** "2026-11-22" in the sandbox's zone: the key by which messages are grouped into days. */
export function dayKey(date) {
  const part = parts(date, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${part.year}-${part.month}-${part.day}`;
}

export function timeLabel(date) {
  const part = parts(date, HOUR);
  return `${part.hour}:${part.minute}`;
}

export function dayLabel(date) {
  return relativeDay(date, true) ?? longDay(date, "long");
}

export function fullLabel(date) {
  return `${longDay(date, "long")} at ${timeLabel(date)}`;
}

function longDay(date, month) {
  const part = parts(date, { weekday: "long", day: "numeric", month });
  return `${part.weekday}, ${part.day} ${part.month}`;
}

function relativeDay(date, capital) {
  const names = { 0: "today", 1: "yesterday", [-1]: "tomorrow" };
  const apart = Math.round((Date.parse(dayKey(now())) - Date.parse(dayKey(date))) / 86_400_000);
  const name = names[apart];
  return name && capital ? name[0].toUpperCase() + name.slice(1) : name;
}

export function ago(date) {
  const minutes = Math.round((now() - date) / 60_000);
  const [size, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 2880 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
  const count = Math.round(size);
  if (count < 1) return "just now";
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

/** Slack's <!date^epoch^tokens> language. */
export function formatDate(epoch, pattern) {
  const date = new Date(Number(epoch) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(date) ?? whole);
}

function dated(options) {
  return (date) => {
    const part = parts(date, { day: "numeric", year: "numeric", ...options });
    const day = part.weekday ? `${part.weekday}, ` : "";
    return `${day}${part.day} ${part.month} ${part.year}`;
  };
}

const short = dated({ month: "short" });
const plain = dated({ month: "long" });
const long = dated({ month: "long", weekday: "long" });
const pretty = (format) => (date) => relativeDay(date, false) ?? format(date);

const TOKENS = {
  date_num: dayKey,
  date: plain,
  date_slash: (date) => dayKey(date).replaceAll("-", "/"),
  date_short: short,
  date_long: long,
  date_pretty: pretty(plain),
  date_short_pretty: pretty(short),
  date_long_pretty: pretty(long),
  day_divider_pretty: (date) => relativeDay(date, true) ?? longDay(date, "long"),
  time: timeLabel,
  time_secs: (date) => {
    const part = parts(date, SECONDS);
    return `${part.hour}:${part.minute}:${part.second}`;
  },
  ago,
};

/** "2026-11-22T15:30" as it reads on the sandbox's wall, and back, for datetimepicker. */
export function wallFromEpoch(epoch) {
  const date = new Date(Number(epoch) * 1000);
  return Number.isNaN(date.getTime()) ? "" : `${dayKey(date)}T${timeLabel(date)}`;
}

export function epochFromWall(wall) {
  const guess = Date.parse(`${wall}:00Z`);
  if (Number.isNaN(guess)) return null;
  // Two rounds, because the zone's offset may differ between the guess and the answer.
  let answer = guess;
  for (let round = 0; round < 2; round += 1) {
    answer += guess - Date.parse(`${wallFromEpoch(answer / 1000)}:00Z`);
  }
  return Math.round(answer / 1000);
}
