// The lanes: time downwards, a lane for each goroutine. Only the rows that can be seen have
// elements; moving to another step toggles their classes and draws the lines anew.
//
// Two forms. Wide: each lane has room for its texts. Compact, when there are many: the texts stand
// in one column, and the lanes beside it are lines with a dot for each event.

const row_height = 24;
const rows_beyond = 3;  // drawn above and below those that can be seen
const gutter = 84;      // marks and step numbers
const char_width = 7.3;
const lane_width_min = 168;
const lane_width_max = 380;
const pitch_max = 28;   // of compact lanes
const pitch_min = 16;

// How the lanes are laid out; see lay_out().
const layout = { is_compact: false, lane_width: 0, first_x: 0, fixed: gutter, width: 0, room: 0 };
const drawn_rows = new Map();  // by row: the element and its parts
let drawn_heads = '';
let drawn = '';  // what is drawn: the window and the current step

const lanes_box = document.getElementById('lanes');
const canvas = document.getElementById('canvas');
const rows_box = document.getElementById('rows');
const heads = document.getElementById('heads');

const x_of = (lane) => layout.first_x + lane * layout.lane_width;
const y_of = (row) => row * row_height + row_height / 2;

function lay_out(model, wants_compact) {
  const n = Math.max(1, model.lanes.length);
  const room = lanes_box.clientWidth;
  const fitting = (room - gutter - 4) / n;  // the texts of the last lane end where a next one would
  layout.room = Math.max(room, 0);
  layout.is_compact = wants_compact === null ? fitting < lane_width_min : wants_compact;
  if (layout.is_compact) {
    const left = room - gutter;
    const texts = Math.max(Math.min(300, left - 80), Math.min(460, left - n * pitch_max - 24));
    layout.fixed = gutter + texts;
    layout.lane_width = Math.max(pitch_min, Math.min(pitch_max, (room - layout.fixed - 24) / n));
    layout.first_x = layout.fixed + 16;
    layout.width = Math.max(room, layout.first_x + n * layout.lane_width);
  } else {
    layout.lane_width = Math.floor(Math.max(lane_width_min, Math.min(lane_width_max, fitting)));
    layout.first_x = gutter + 16;
    layout.fixed = gutter;
    layout.width = Math.max(room, gutter + n * layout.lane_width);
  }
}

// All but the rows, which draw_visible() draws: another run, another form, another width.
function draw_run() {
  const model = model_of(state.run);
  lay_out(model, state.wants_compact);
  drawn_rows.forEach(({ element }) => element.remove());
  drawn_rows.clear();
  drawn = '';
  canvas.style.width = heads.style.width = `${layout.width}px`;
  // The texts of compact lanes stay where they are when the lanes are scrolled sideways.
  rows_box.style.width = `${layout.is_compact ? layout.room : layout.width}px`;
  rows_box.style.setProperty('--fixed', `${layout.fixed}px`);
  canvas.style.height = `${(model.rows.length + 2) * row_height}px`;
  lanes_box.classList.toggle('compact', layout.is_compact);
  drawn_heads = '';
  draw_ending(model);
}

// Those of the lanes that can be seen.
function draw_heads(model) {
  const first = Math.floor(lanes_box.scrollLeft / layout.lane_width) - 1;
  const last = first + Math.ceil(layout.room / layout.lane_width) + 2;
  const wanted = `${first} ${last}`;
  if (wanted === drawn_heads) return;
  drawn_heads = wanted;
  const fixed = make('div', 'fixed');
  fixed.style.width = `${layout.fixed}px`;
  fixed.append(make('span', 'step', 'step'));
  heads.replaceChildren(fixed);
  for (let i = Math.max(0, first); i <= Math.min(last, model.lanes.length - 1); ++i) {
    const lane = model.lanes[i];
    const head = make('span', 'head');
    const title = [lane.name, lane.label, lane.created_at && `made by go at ${lane.created_at}`];
    head.title = title.filter(Boolean).join('  ');
    head.append(make('b', '', layout.is_compact ? short_name(lane.name) : lane.name));
    if (!layout.is_compact) {
      head.append(make('span', 'faint', [lane.label, lane.created_at].filter(Boolean).join('  ')));
    }
    head.style.left = `${layout.is_compact ? x_of(i) - layout.lane_width / 2 : x_of(i) - 8}px`;
    head.style.width = `${layout.lane_width - (layout.is_compact ? 0 : 8)}px`;
    heads.append(head);
  }
}

const short_name = (name) => (name === 'main' ? 'm' : name === timers ? '◷' : name.slice(1));

// Below the last row: how the run ended.
function draw_ending(model) {
  canvas.querySelector('.ending')?.remove();
  const ending = make('div', 'ending');
  const outcome = state.run.outcome;
  const bad = state.run.findings.filter((one) => one.verdict !== 'ok');
  const text = bad.length
    ? bad.map((one) => `✗ ${one.verdict}  ${summary_of(one)}`).join('   ')
    : `✓ ends${outcome && outcome.output ? ` with ${quoted(outcome.output)}` : ''}`;
  ending.classList.toggle('bad', bad.length > 0);
  if (model.rows.length === 0) {
    ending.textContent =
      `its steps are not on this page; ${replay_command(state.program, state.run.token)} shows them`;
  } else {
    ending.textContent = text;
  }
  ending.title = text;
  ending.style.top = `${model.rows.length * row_height + 6}px`;
  rows_box.append(ending);
}

// The rows that can be seen, as [first, last].
function window_of(model) {
  const first = Math.floor(lanes_box.scrollTop / row_height) - rows_beyond;
  const shown = Math.ceil(lanes_box.clientHeight / row_height) + 2 * rows_beyond;
  return [Math.max(0, first), Math.min(model.rows.length - 1, first + shown)];
}

function draw_visible() {
  const model = state.run.model;
  draw_heads(model);
  const [first, last] = window_of(model);
  const wanted = `${first} ${last} ${state.row} ${state.all_arrows}`;
  if (drawn === wanted) return;
  drawn = wanted;
  for (const [row, { element }] of drawn_rows) {
    if (row >= first && row <= last) continue;
    element.remove();
    drawn_rows.delete(row);
  }
  const fresh = document.createDocumentFragment();
  for (let row = first; row <= last; ++row) {
    if (drawn_rows.has(row)) continue;
    const parts = make_row(model, row);
    drawn_rows.set(row, parts);
    fresh.append(parts.element);
  }
  rows_box.append(fresh);
  mark_rows();
  draw_lines(model, first, last);
}

// Few elements, as each costs time.
function make_row(model, i) {
  const row = model.rows[i];
  const bug = model.bugs.find((one) => one.row === i);
  const kinds = ['row', bug && 'bug', is_after_end(model, i) && 'unseen'].filter(Boolean);
  const element = make('div', kinds.join(' '));
  element.id = `row-${i}`;
  element.dataset.row = i;
  element.style.top = `${i * row_height}px`;
  element.setAttribute('role', 'option');
  const number = make('span', 'number', row.step === null ? '·' : row.step);
  const marks = (row.deviation ? '▶' : '') + (bug ? '✗' : '');
  if (marks) number.prepend(make('b', 'marks', marks));
  const words = row_in_words(state.run, i);
  const event = make_event(model, i, words);
  const said = [row.step === null ? 'unnumbered' : `step ${row.step}`, row.goroutine, words.text,
    words.value && `→ ${words.value}`, words.note, row.deviation && `deviation ${row.deviation}`,
    bug && `point of failure: ${bug.finding.verdict}`].filter(Boolean);
  element.setAttribute('aria-label', said.join(', '));
  element.title = `${said.slice(1).join('  ')}${row.at ? `   ${row.at}` : ''}`;
  element.append(number, event);
  return { element };
}

function make_event(model, i, words) {
  const row = model.rows[i];
  const event = make('span', 'event');
  event.style.left = `${layout.is_compact ? gutter : x_of(model.lane_of[i]) + 9}px`;
  if (layout.is_compact) event.append(make('b', 'who', row.goroutine));
  const has_room = layout.is_compact || layout.lane_width > 230;
  const tag = has_room && row.deviation ? row.deviation : '';
  const columns = words.text.length + words.value.length + words.note.length + tag.length + 9;
  const room = layout.is_compact ? layout.fixed - gutter - 8 : layout.lane_width - 22;
  if (columns * char_width > room) {
    event.classList.add('tight');
    event.style.maxWidth = `${room}px`;
  }
  event.append(make('span', 'text', words.text));
  if (words.value) event.append(make('span', 'value', `→ ${words.value}`));
  if (words.note) event.append(make('span', 'note', words.note));
  if (tag) event.append(make('span', 'tag', tag));
  return event;
}

// Which of the drawn rows is the current one, and which happen before it.
function mark_rows() {
  for (const [row, { element }] of drawn_rows) {
    element.classList.toggle('current', row === state.row);
    element.classList.toggle('past', state.past[row] === 1);
    element.setAttribute('aria-selected', row === state.row);
  }
  lanes_box.setAttribute('aria-activedescendant', `row-${state.row}`);
}

// Scrolls so that the current step can be seen, with a few rows around it.
function reveal_current() {
  const margin = 3 * row_height;
  const top = state.row * row_height;
  const height = lanes_box.clientHeight - heads.offsetHeight;
  if (top - margin < lanes_box.scrollTop) {
    lanes_box.scrollTop = top - margin;
  } else if (top + row_height + margin > lanes_box.scrollTop + height) {
    lanes_box.scrollTop = top + row_height + margin - height;
  }
  const left = x_of(state.run.model.lane_of[state.row]) - layout.fixed - 20;
  const room = lanes_box.clientWidth - layout.fixed - layout.lane_width - 20;
  if (left < lanes_box.scrollLeft || left > lanes_box.scrollLeft + room) {
    lanes_box.scrollLeft = Math.max(0, left - Math.max(0, room / 3));
  }
}
