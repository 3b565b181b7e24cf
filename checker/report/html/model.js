// What is shown: the programs, their runs and the rows of a run, read from the JSON in the page.
//
// A run is an execution that an outcome or a finding has the token of. What is derived from its
// events is worked out when it is shown first, and kept.
'use strict';

const json_in = (id) => JSON.parse(document.getElementById(id).textContent);
const sources = json_in('data-sources');
const bad_verdicts = new Set(json_in('data-bad-verdicts'));
const programs = read_programs(json_in('data-reports'), json_in('data-programs'));

function read_programs(reports, told) {
  return reports.map((report, i) => {
    const program = { report, about: told[i] || {}, runs: [] };
    const run_of = new Map();
    const run_with = ({ token, events = [], goroutines_at_end: goroutines = [] }) => {
      if (!token) return null;
      if (!run_of.has(token)) {
        run_of.set(token, { program, token, events, goroutines, outcome: null, findings: [] });
        program.runs.push(run_of.get(token));
      }
      return run_of.get(token);
    };
    report.outcomes.forEach((outcome) => {
      const run = run_with(outcome);
      if (run) run.outcome = outcome;
    });
    report.findings.forEach((finding) => {
      const run = run_with(finding);
      if (run) run.findings.push(finding);
    });
    program.run_of = run_of;
    program.runs.forEach((run) => { run.deviations = deviations_of(run); });
    return program;
  });
}

// A deviation as `5g2`: its step and the rest. The token of a sampled run does not list them.
function deviations_of(run) {
  const split = (text) => text.split('.').filter((one) => /^[1-9]/.test(one));
  const told = run.events.filter((row) => row.deviation).flatMap((row) => split(row.deviation));
  return told.length > 0 ? told : split(run.token.split('~')[0]);
}

const step_of_deviation = (deviation) => parseInt(deviation, 10);

// `5g2` in words.
function deviation_in_words(deviation) {
  const parts = /^(\d+)([a-z])(\d*)$/.exec(deviation);
  if (!parts) return deviation;
  const [, step, kind, number] = parts;
  const what = {
    g: number === '0' ? 'main runs' : `g${number} runs`,
    t: number ? `timer ${number} fires` : 'time passes',
    c: `case ${number} is taken`,
    v: `choose gives ${number}`,
  }[kind];
  return what ? `step ${step}: ${what}` : deviation;
}

// Rows

const timers = 'timers';

// The model of a run: typed arrays by row, so that moving about costs little.
function model_of(run) {
  if (run.model) return run.model;
  const rows = run.events;
  const model = { rows, ...lanes_of(run), after: edges_of(rows) };
  model.previous = new Int32Array(rows.length).fill(-1);  // in the same lane
  model.next = new Int32Array(rows.length).fill(-1);
  const latest = new Map();
  rows.forEach((row, i) => {
    const before = latest.get(row.goroutine);
    if (before !== undefined) {
      model.previous[i] = before;
      model.next[before] = i;
    }
    latest.set(row.goroutine, i);
  });
  model.leads_to = rows.map(() => []);
  model.after.forEach((from, to) => from.forEach((one) => model.leads_to[one].push(to)));
  model.deviation_rows = rows.flatMap((row, i) => (row.deviation ? [i] : []));
  // What follows runs on unseen, to tell who waits for ever. No other end has rows after it.
  model.end = rows.findIndex((row) => row.goroutine === 'main' && row.text === 'return');
  model.bugs = bugs_of(run, model);
  model.locks = locks_of(model);
  model.lives = lives_of(model);
  run.model = model;
  return model;
}

// The lanes, in the order of the goroutines; timers come last.
function lanes_of(run) {
  const by_name = new Map();
  const lane_named = (name) => {
    if (!by_name.has(name)) {
      by_name.set(name, { name, label: '', created_at: '', born: 0, ends: -1 });
    }
    return by_name.get(name);
  };
  run.events.forEach((row, i) => {
    const lane = lane_named(row.goroutine);
    if (lane.ends < 0 && !lane.created_at) lane.born = i;
    lane.ends = i;
    if (row.creates) Object.assign(lane_named(row.creates), { created_at: row.at || '', born: i });
  });
  for (const { name, label, created_at } of run.goroutines) {
    if (!by_name.has(name)) continue;
    if (label) lane_named(name).label = label;
    if (created_at) lane_named(name).created_at = created_at;
  }
  const number = (name) => (name === 'main' ? 0 : name === timers ? 1e9 : +name.slice(1));
  const lanes = [...by_name.values()].sort((a, b) => number(a.name) - number(b.name));
  const index_of = new Map(lanes.map((lane, i) => [lane.name, i]));
  return { lanes, lane_of: Int32Array.from(run.events, (row) => index_of.get(row.goroutine)),
           lane_index: index_of };
}

// The edges of happens-before. Where the events do not tell them: who starts or wakes whom.
function edges_of(rows) {
  if (rows.some((row) => row.after)) return rows.map((row) => row.after || []);
  const due = new Map();
  return rows.map((row, i) => {
    const after = due.get(row.goroutine) || [];
    due.delete(row.goroutine);
    for (const name of [row.creates, ...(row.wakes || [])]) {
      if (name && name !== row.goroutine) due.set(name, [...(due.get(name) || []), i]);
    }
    return after;
  });
}

// The rows at which something is wrong: [{row, finding}], in the order in which they are visited.
function bugs_of(run, model) {
  const last_row = (fits) => {
    for (let i = model.rows.length - 1; i >= 0; --i) if (fits(model.rows[i])) return i;
    return -1;
  };
  const bugs = [];
  for (const finding of run.findings) {
    const found = new Set();
    for (const access of finding.accesses || []) {
      found.add(last_row((row) => access.step && row.step === access.step));
    }
    if (!(finding.accesses || []).length) {
      for (const g of finding.goroutines || []) {
        if (g.waits_for || g.operation || (g.loop || []).length) {
          found.add(last_row((row) => row.goroutine === g.name));
        }
      }
    }
    found.delete(-1);
    if (found.size === 0 && model.rows.length > 0) found.add(model.rows.length - 1);
    bugs.push(...[...found].sort((a, b) => a - b).map((row) => ({ row, finding })));
  }
  return bugs;
}

// The address of a row within its run: its step; of one without a number `6.1`, after step 6.
function step_name(model, row) {
  if (model.rows[row].step !== null) return String(model.rows[row].step);
  let unnumbered = 0;
  let at = row;
  for (; at >= 0 && model.rows[at].step === null; --at) ++unnumbered;
  return `${at < 0 ? 0 : model.rows[at].step}.${unnumbered}`;
}

function row_of_step(model, name) {
  const [step, beyond] = String(name).split('.').map(Number);
  const row = step === 0 ? -1 : model.rows.findIndex((one) => one.step === step);
  return row < 0 && step !== 0 ? -1 : Math.min(row + (beyond || 0), model.rows.length - 1);
}

// What a row says: {text, value, note}.
function row_in_words(run, i) {
  const model = run.model;
  const row = model.rows[i];
  let text = row.creates ? `${row.text} ${row.creates}` : row.text;
  let note = '';
  if (row.goroutine === timers) {
    text = text.replace(/\s+/g, ' ');
    if ((row.wakes || []).length) text = text.split(' ')[0];
  }
  if ((row.wakes || []).length) note = `wakes ${row.wakes.join(', ')}`;
  if (row.waits) note = [`⏸${why_it_waits(run, i)}`, note].filter(Boolean).join(' ');
  if (is_after_end(model, i)) note = [note, 'after the end'].filter(Boolean).join(', ');
  return { text, value: row.value === undefined ? '' : row.value, note };
}

const is_after_end = (model, i) => model.end >= 0 && i > model.end;

function why_it_waits(run, i) {
  const holder = holder_at(run.model, i);
  if (holder) return ` held by ${run.model.lanes[holder.lane].name}`;
  return waits_for_ever(run, i) ? ' for ever' : '';
}

function waits_for_ever(run, i) {
  const verdicts = run.outcome ? run.outcome.verdicts : run.findings.map((f) => f.verdict);
  return i >= 0 && run.model.rows[i].waits && run.model.next[i] < 0 &&
         verdicts.some((one) => one === 'deadlock' || one === 'leak');
}

// Words

const is_bad = (outcome) => outcome.verdicts.some((one) => bad_verdicts.has(one));

// As in a report on a terminal: in quotes, with the escapes of C.
function quoted(text) {
  const escapes = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\' };
  return `"${text.replace(/[\u0000-\u001f"\\\u007f]/g, (c) =>
    escapes[c] || `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

function counted(n, what) {
  const ending = n === 1 ? '' : what.endsWith('s') ? 'es' : 's';
  return `${n.toLocaleString('en')} ${what}${ending}`;
}

function share_in_words(share) {
  const percent = 100 * share;
  return percent > 0 && percent < 0.05 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}

// How far Wilson's 95 % interval goes from the share, as in report/sampling.cpp.
function reach_of_interval(count, runs) {
  const z = 1.959964;
  const p = count / runs;
  const scale = 1 + (z * z) / runs;
  const centre = (p + (z * z) / (2 * runs)) / scale;
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / runs + (z * z) / (4 * runs * runs));
  return half + Math.abs(centre - p);
}
