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
  const reach = new Map();  // of each lane: the last row that happens before, or is, the current one
  for (let i = Math.min(state.row, model.rows.length - 1); i >= 0; --i) {
    const lane = model.lane_of[i];
    if (is_past(i) && !reach.has(lane) && model.rows[i].goroutine !== timers) reach.set(lane, i);
  }
  for (const [lane, to] of reach) past += `M${x_of(lane)} ${y_of(model.lanes[lane].born)}V${y_of(to)}`;
  return `<path class="life waits" d="${waits}"/><path class="life" d="${runs}"/>` +
         `<path class="life past" d="${past}"/>`;
}

function locks_drawn(model, first, last) {
  let drawn = '';
  for (const lock of model.locks) {
    if (lock.to < first || lock.from > last) continue;
    const x = x_of(lock.lane) - 6 - 5 * lock.place;
    const y = y_of(lock.from) - 4;
    const height = (lock.to - lock.from) * row_height + 8;
    drawn += `<rect class="lock${lock.shared ? ' shared' : ''}" x="${x - 1.5}" y="${y}" width="3" height="${height}" rx="1.5"/>`;
    if (!layout.is_compact && lock.place === 0 && lock.to - lock.from >= 3) {
      drawn += `<text class="lock-name" transform="translate(${x - 4} ${y + height / 2}) rotate(-90)">${escaped(lock.object)}</text>`;
    }
  }
  return drawn;
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function arrows_drawn(model, first, last) {
  const faint = [];
  const past = [];
  const near = [];
  const add = (from, to) => {
    const touches = from === state.row || to === state.row;
    if (touches) near.push(arrow(model, from, to));
    else if (state.all_arrows) (is_past(from) && is_past(to) ? past : faint).push(arrow(model, from, to));
  };
  for (let row = first; row <= last; ++row) {
    for (const from of model.after[row]) add(from, row);
    for (const to of model.leads_to[row]) if (to > last) add(row, to);
  }
  return `<path class="arrow" d="${faint.join('')}"/><path class="arrow past" d="${past.join('')}"/>` +
         `<path class="arrow near" d="${near.join('')}"/>`;
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
    return `M${x1 + 5 * side} ${y1}H${x2 - 3 * side}M${x2 - 8 * side} ${y1 - 3.5}L${x2 - 3 * side} ${y1}L${x2 - 8 * side} ${y1 + 3.5}`;
  }
  if (side === 0) return `M${x1} ${y1}V${y2}`;
  const bend = Math.min(y2 - y1, 40) * 0.6;
  const end = x2 - 5 * side;
  return `M${x1} ${y1 + 5}C${x1} ${y1 + 5 + bend} ${x2 - 40 * side} ${y2} ${end} ${y2}` +
         `M${end - 5 * side} ${y2 - 3.5}L${end} ${y2}L${end - 5 * side} ${y2 + 3.5}`;
}

// A dot is full where the event took effect, and a ring where its goroutine waits.
function dots_drawn(model, first, last) {
  let drawn = '';
  for (let i = first; i <= last; ++i) {
    const kind = i === state.row ? ' current' : is_past(i) ? ' past' : '';
    const row = model.rows[i];
    const sign = (row.waits ? ' waits' : '') + (row.deviation ? ' deviation' : '');
    const x = x_of(model.lane_of[i]);
    drawn += row.deviation
      ? `<path class="dot${sign}${kind}" d="M${x - 4.5} ${y_of(i) - 5}L${x + 5} ${y_of(i)}L${x - 4.5} ${y_of(i) + 5}Z"/>`
      : `<circle class="dot${sign}${kind}" cx="${x}" cy="${y_of(i)}" r="${i === state.row ? 5 : 3.5}"/>`;
  }
  return drawn;
}
