// Runs one of the small programs many times, as scripts/compare-go asks, with noise in between.
//
//	programs INDEX RUNS SEED RECOVER
//
// Each line of stdout, which is one write, begins with the number of the run: "7 p 1.0 sent" is a
// line that run 7 prints, "7 e ok" its end. What is printed of a run after its end does not count:
// a program has ended when main has returned. A deadlock or another fatal error ends the process,
// as Go does it, and the run that had not ended has ended so. A panic does, too, if RECOVER is
// "no"; otherwise the goroutine's last act is to say so, and with "once" no run follows. A panic
// and a fatal error at the same time may make Go's own runtime hang: hence "once".
package main

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

type program struct {
	capacities []int // of its channels; below 0: a nil channel
	group      int   // what the wait group starts with
	waits      bool  // main waits for all others
	goroutines []func(*task)
}

// One run of a program: what its goroutines share.
type run struct {
	program  *program
	number   int
	seed     uint64
	recovers bool
	ended    chan bool // has room for one: whether it has gone well

	c       []chan int
	guard   sync.Mutex
	changed *sync.Cond
	isSet   bool // guarded by guard
	book    sync.RWMutex
	only    sync.Once
	group   sync.WaitGroup
	others  sync.WaitGroup
}

// A goroutine of a run.
type task struct {
	*run
	random uint64
	noise  uint64 // its kind
}

func (r *run) write(kind string, text string) {
	syscall.Write(1, []byte(strconv.Itoa(r.number)+kind+text+"\n"))
}

func (r *run) end(how string) {
	r.write(" e ", how)
	select {
	case r.ended <- how == "ok":
	default:
	}
}

func (r *run) perform(who int) {
	if r.recovers {
		defer r.sayPanic()
	}
	t := &task{run: r, random: (r.seed+uint64(who)+1)*0x9e3779b97f4a7c15 | 1, noise: r.seed % 4}
	t.step()
	r.program.goroutines[who](t)
	if who > 0 {
		r.others.Done()
		return
	}
	if r.program.waits {
		r.others.Wait()
	}
	r.end("ok")
}

func (r *run) sayPanic() {
	switch value := recover().(type) {
	case nil:
	case error:
		r.end("panic: " + value.Error())
	case string:
		r.end("panic: " + value)
	default:
		r.end("panic: of an unknown kind")
	}
}

func (t *task) start(who int) { go t.perform(who) }

func (t *task) print(text string) { t.write(" p ", text) }

func (t *task) next() uint64 {
	t.random ^= t.random << 13
	t.random ^= t.random >> 7
	t.random ^= t.random << 17
	return t.random
}

var sink uint64

// Between two instructions: delays of some kind, or nothing, so that many orders are seen.
func (t *task) step() {
	drawn := t.next()
	switch t.noise {
	case 1:
		if drawn%2 == 0 {
			runtime.Gosched()
		}
	case 2:
		for n := drawn >> 32 % 2048; n > 0; n-- {
			t.next()
		}
	case 3:
		if drawn%3 == 0 {
			time.Sleep(time.Duration(drawn>>32%150) * time.Microsecond)
		}
	}
}

// Whether it has gone well.
func (p *program) run(number int, seed uint64, recovers bool) bool {
	r := &run{program: p, number: number, seed: seed, recovers: recovers, ended: make(chan bool, 1)}
	for _, capacity := range p.capacities {
		var made chan int
		if capacity >= 0 {
			made = make(chan int, capacity)
		}
		r.c = append(r.c, made)
	}
	r.changed = sync.NewCond(&r.guard)
	r.group.Add(p.group)
	r.others.Add(len(p.goroutines) - 1)
	go r.perform(0)
	return <-r.ended
}

func yes(what bool, then string, otherwise string) string {
	if what {
		return then
	}
	return otherwise
}

func main() {
	var numbers [3]int
	for i := range numbers {
		numbers[i], _ = strconv.Atoi(os.Args[i+1])
	}
	index, runs, seed := numbers[0], numbers[1], numbers[2]
	recovers := os.Args[4]
	for n := 0; n < runs; n++ {
		isWell := programs[index].run(n, uint64(seed+n), recovers != "no")
		if !isWell && recovers == "once" {
			return
		}
	}
}
