// What can be told of a row from the rows before it: its causal past, held locks, who wrote what it
// read, how each lane goes on.

// 1 for each row that happens before `row`, which has 2. Time passes in no goroutine: the rows of
// timers have no order among themselves.
function past_of(model, row) {
  const past = new Uint8Array(model.rows.length);
  if (row < 0) return past;
  past[row] = 2;
  for (let i = row; i >= 0; --i) {
    if (past[i] === 0) continue;
    const before = model.previous[i];
    if (before >= 0 && model.rows[i].goroutine !== timers) past[before] = past[before] || 1;
    for (const from of model.after[i]) past[from] = past[from] || 1;
  }
  return past;
}

// Who has locked what, from row to row: [{lane, from, to, object, shared, place}]. The place is
// that of the bar, beside those of other locks that are held there.
function locks_of(model) {
  const held = [];  // now
  const all = [];
  model.rows.forEach((row, i) => {
    if (row.step === null || !row.object) return;
    const lane = model.lane_of[i];
    const took = row.kind === 'lock' || row.kind === 'lock_shared' ||
                 (row.kind.startsWith('try_lock') && row.value === 'true');
    if (took && !(row.waits && model.next[i] < 0)) {
      const taken = new Set(held.filter((one) => one.lane === lane).map((one) => one.place));
      let place = 0;
      while (taken.has(place)) ++place;
      const shared = row.kind.endsWith('_shared');
      const from = row.waits ? model.next[i] : i;  // a reader that parked has it when it goes on
      const lock = { lane, from, to: model.rows.length - 1, object: row.object, shared, place };
      held.push(lock);
      all.push(lock);
    } else if (!took && row.kind.startsWith('unlock')) {
      const own = held.findIndex((one) => one.object === row.object && one.lane === lane);
      const any = held.findIndex((one) => one.object === row.object);
      const released = own >= 0 ? own : any;
      if (released < 0) return;
      held[released].to = i;
      held.splice(released, 1);
    }
  });
  return all;
}

// What the goroutine of a row holds after it.
function locks_at(model, row) {
  const last = model.rows.length - 1;
  const lasts_beyond = (lock) => row < lock.to || (row === last && lock.to === last);
  return model.locks.filter(
    (one) => one.lane === model.lane_of[row] && one.from <= row && lasts_beyond(one));
}

// Who holds the lock that a row waits for; null if nobody does.
function holder_at(model, row) {
  const wanted = model.rows[row].object;
  if (!wanted || !/lock/.test(model.rows[row].kind)) return null;
  return model.locks.find((one) => one.object === wanted && one.from <= row && row <= one.to &&
                                   one.lane !== model.lane_of[row]) || null;
}

// The stretches of each lane: [{lane, from, to, waits}].
function lives_of(model) {
  const lives = [];
  const end = model.rows.length - 1;
  model.lanes.forEach((lane, index) => {
    if (lane.name === timers) return lives.push({ lane: index, from: 0, to: end, waits: true });
    let from = lane.born;
    let row = model.lane_of.indexOf(index);
    while (row >= 0) {
      const next = model.next[row];
      if (model.rows[row].waits) {
        lives.push({ lane: index, from, to: row, waits: false });
        lives.push({ lane: index, from: row, to: next < 0 ? end + 0.5 : next, waits: true });
        from = next < 0 ? end : next;
      } else if (next < 0 && row > from) {
        lives.push({ lane: index, from, to: row, waits: false });
      }
      row = next;
    }
    return undefined;
  });
  return lives;
}

// The row whose value a row read or received; -1 if that is not known.
function writer_of(model, i) {
  const row = model.rows[i];
  if (!row || !row.value || row.value === 'closed' || row.value === 'default') return -1;
  if (row.kind === 'recv' || row.kind === 'select') return sender_of(model, i);
  if (!['read', 'load', 'await', 'update'].includes(row.kind)) return -1;
  for (let at = i - 1; at >= 0; --at) {
    const other = model.rows[at];
    if (other.object === row.object && ['write', 'store', 'update'].includes(other.kind)) return at;
  }
  return -1;
}

// Of a receive that parked it is whoever woke it.
function sender_of(model, i) {
  const sends = (at) => ['send', 'select', 'fire'].includes(model.rows[at].kind);
  if (!model.rows[i].waits) return model.after[i].filter(sends).pop() ?? -1;
  const next = model.next[i] < 0 ? model.rows.length : model.next[i];
  for (let at = i + 1; at < next; ++at) {
    if ((model.rows[at].wakes || []).includes(model.rows[i].goroutine)) return sends(at) ? at : -1;
  }
  return -1;
}

// The other choices at a row, as {deviation, goroutine, text, at, run}: the run is the nearest one
// that made it, or null. `token` makes it in any case, as tokens can be written by hand.
function choices_at(run, i) {
  const row = run.model.rows[i];
  const step = row.step === null ? Infinity : row.step;
  const before = run.deviations.filter((one) => step_of_deviation(one) < step);
  return (row.could || []).map((choice) => {
    const wanted = choice.deviation ? [...before, choice.deviation] : before;
    return { ...choice, run: nearest_run(run, wanted, choice.deviation ? 0 : step),
             token: wanted.join('.') || '0' };
  });
}

// The run with the fewest deviations that begins as `wanted` says, and does not deviate at `step`.
function nearest_run(run, wanted, step) {
  const fits = (other) => other !== run &&
    wanted.every((one, k) => other.deviations[k] === one) &&
    !(step > 0 && other.deviations.some((one) => step_of_deviation(one) === step));
  return run.program.runs.filter(fits)
    .sort((a, b) => a.deviations.length - b.deviations.length)[0] || null;
}
