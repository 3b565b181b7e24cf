// The lines behind the rows: lanes, the bars of held locks, and the arrows of happens-before. One
// drawing for the rows that can be seen, made anew each time.

const lines = document.getElementById('lines');

function draw_lines(model, first, last) {
  const top = first * row_height;
  const height = Math.max(0, (last - first + 2)) * row_height;
  lines.style.top = `${top}px`;
  lines.setAttribute('width', layout.width);
  lines.setAttribute('height', height);
  lines.setAttribute('viewBox', `0 ${top} ${layout.width} ${height}`);
  lines.innerHTML = lives_drawn(model, first, last) + locks_drawn(model, first, last) +
                    arrows_drawn(model, first, last) + dots_drawn(model, first, last);
}

const is_past = (row) => state.past[row] > 0;

// A lane is a line while its goroutine can run, dashes while it waits. What is before the current
// step is drawn over it, stronger.
function lives_drawn(model, first, last) {
  let runs = '';
  let waits = '';
  let past = '';
  for (const life of model.lives) {
    if (life.to < first - 1 || life.from > last + 1) continue;
    const path = `M${x_of(life.lane)} ${y_of(life.from)}V${y_of(life.to)}`;
    if (life.waits) waits += path;
    else runs += path;
  }
  const reach = new Map();  // of each lane: its last row in the past of the current one
  for (let i = Math.min(state.row, model.rows.length - 1); i >= 0; --i) {
    const lane = model.lane_of[i];
    if (is_past(i) && !reach.has(lane) && model.rows[i].goroutine !== timers) reach.set(lane, i);
  }
  for (const [lane, to] of reach) {
    past += `M${x_of(lane)} ${y_of(model.lanes[lane].born)}V${y_of(to)}`;
  }
  return `<path class="life waits" d="${waits}"/><path class="life" d="${runs}"/>` +
         `<path class="life past" d="${past}"/>`;
}

function locks_drawn(model, first, last) {
  const bars = { lock: '', 'lock shared': '' };
  let names = '';
  for (const lock of model.locks) {
    if (lock.to < first || lock.from > last) continue;
    const x = x_of(lock.lane) - 6 - 5 * lock.place;
    const [from, to] = [y_of(lock.from) - 4, y_of(lock.to) + 4];
    bars[lock.shared ? 'lock shared' : 'lock'] += `M${x} ${from}V${to}`;
    if (!layout.is_compact && lock.to - lock.from >= 3 && is_alone(model, lock)) {
      const middle = (Math.max(from, y_of(first)) + Math.min(to, y_of(last))) / 2;
      const place = `translate(${x - 4} ${middle}) rotate(-90)`;
      names += `<text class="lock-name" transform="${place}">${escaped(lock.object)}</text>`;
    }
  }
  return paths_of(bars) + names;
}

const is_alone = (model, lock) => !model.locks.some((other) => other !== lock &&
  other.lane === lock.lane && other.from <= lock.to && lock.from <= other.to);

// One path for each class: elements cost more time than their lines.
const paths_of = (by_class) => Object.entries(by_class)
  .map(([kind, d]) => (d ? `<path class="${kind}" d="${d}"/>` : '')).join('');

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function arrows_drawn(model, first, last) {
  const faint = [];
  const past = [];
  const near = [];
  const add = (from, to) => {
    const touches = from === state.row || to === state.row;
    if (!touches && !state.all_arrows) return;
    const group = touches ? near : is_past(from) && is_past(to) ? past : faint;
    group.push(arrow(model, from, to));
  };
  for (let row = first; row <= last; ++row) {
    for (const from of model.after[row]) add(from, row);
    for (const to of model.leads_to[row]) if (to > last) add(row, to);
  }
  const paths = { arrow: faint, 'arrow past': past, 'arrow near': near };
  Object.keys(paths).forEach((kind) => { paths[kind] = paths[kind].join(''); });
  return paths_of(paths);
}

// Who starts or wakes another one points at its lane at once, and the lane goes on from there. Any
// other edge leads from dot to dot.
function arrow(model, from, to) {
  const [x1, y1] = [x_of(model.lane_of[from]), y_of(from)];
  const [x2, y2] = [x_of(model.lane_of[to]), y_of(to)];
  const side = x2 > x1 ? 1 : x2 < x1 ? -1 : 0;
  const row = model.rows[from];
  const name = model.rows[to].goroutine;
  if (side !== 0 && (row.creates === name || (row.wakes || []).includes(name))) {
    const [end, barbs] = [x2 - 3 * side, x2 - 8 * side];
    return `M${x1 + 5 * side} ${y1}H${end}M${barbs} ${y1 - 3.5}L${end} ${y1}L${barbs} ${y1 + 3.5}`;
  }
  if (side === 0) return `M${x1} ${y1}V${y2}`;
  const bend = Math.min(y2 - y1, 40) * 0.6;
  const end = x2 - 5 * side;
  return `M${x1} ${y1 + 5}C${x1} ${y1 + 5 + bend} ${x2 - 40 * side} ${y2} ${end} ${y2}` +
         `M${end - 5 * side} ${y2 - 3.5}L${end} ${y2}L${end - 5 * side} ${y2 + 3.5}`;
}

// A dot is full where the event took effect, and a ring where its goroutine waits.
function dots_drawn(model, first, last) {
  const dots = {};
  for (let i = first; i <= last; ++i) {
    const row = model.rows[i];
    const kind = (row.deviation ? 'dot deviation' : row.waits ? 'dot waits' : 'dot') +
                 (i === state.row ? ' current' : is_past(i) ? ' past' : '');
    const x = x_of(model.lane_of[i]);
    dots[kind] = (dots[kind] || '') + dot(x, y_of(i), row.deviation, i === state.row);
  }
  return paths_of(dots);
}

function dot(x, y, is_deviation, is_current) {
  if (is_deviation) return `M${x - 4.5} ${y - 5}L${x + 5} ${y}L${x - 4.5} ${y + 5}Z`;
  const r = is_current ? 5 : 3.5;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}
