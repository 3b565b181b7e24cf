// The rows of main.cpp in Go; scripts/bench-go builds it and runs both in turn.
//
//	beside-go ROW     nanoseconds for one operation, or KiB for the row of memory
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func spawnAndJoin(n int) {
	for i := 0; i < n; i++ {
		var one sync.WaitGroup
		one.Add(1)
		go func() { one.Done() }()
		one.Wait()
	}
}

func spawnMany(n int) {
	var all sync.WaitGroup
	for i := 0; i < n; i++ {
		all.Add(1)
		go func() { all.Done() }()
	}
	all.Wait()
}

func yieldInTurn(n int) {
	var both sync.WaitGroup
	for g := 0; g < 2; g++ {
		both.Add(1)
		go func() {
			for i := 0; i < n/2; i++ {
				runtime.Gosched()
			}
			both.Done()
		}()
	}
	both.Wait()
}

func roundTrip(n int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for i := range there {
			back <- i
		}
	}()
	for i := 0; i < n; i++ {
		there <- i
		<-back
	}
	close(there)
}

func throughBuffer(n, pairs int) {
	c := make(chan int, 100)
	var all sync.WaitGroup
	for p := 0; p < pairs; p++ {
		all.Add(2)
		go func() {
			for i := 0; i < n/pairs; i++ {
				c <- i
			}
			all.Done()
		}()
		go func() {
			for i := 0; i < n/pairs; i++ {
				<-c
			}
			all.Done()
		}()
	}
	all.Wait()
}

func selectOver4(n int) {
	var from [4]chan int
	for i := range from {
		c := make(chan int)
		from[i] = c
		go func() {
			for i := 0; i < n/4; i++ {
				c <- i
			}
		}()
	}
	for i := 0; i < n/4*4; i++ {
		select {
		case <-from[0]:
		case <-from[1]:
		case <-from[2]:
		case <-from[3]:
		}
	}
}

func lockInTurn(n, goroutines int) {
	var m sync.Mutex
	var all sync.WaitGroup
	count := 0
	for g := 0; g < goroutines; g++ {
		all.Add(1)
		go func() {
			for i := 0; i < n/goroutines; i++ {
				m.Lock()
				count++
				m.Unlock()
			}
			all.Done()
		}()
	}
	all.Wait()
}

func skynetNode(to chan int, number, leaves int) {
	if leaves == 1 {
		to <- number
		return
	}
	from := make(chan int)
	for i := 0; i < 10; i++ {
		go skynetNode(from, number+i*(leaves/10), leaves/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-from
	}
	to <- sum
}

func skynet(leaves int) {
	sum := make(chan int)
	go skynetNode(sum, 0, leaves)
	<-sum
}

func sieve(primes int) {
	numbers := make(chan int)
	go func(to chan int) {
		for i := 2; ; i++ {
			to <- i
		}
	}(numbers)
	for i := 0; i < primes; i++ {
		prime := <-numbers
		left := make(chan int)
		go func(from, to chan int) {
			for {
				number := <-from
				if number%prime != 0 {
					to <- number
				}
			}
		}(numbers, left)
		numbers = left
	}
}

func ring(hops int) {
	const goroutines = 1000
	first := make(chan int)
	from := first
	for g := 0; g < goroutines; g++ {
		to := make(chan int)
		go func(from, to chan int) {
			for hop := range from {
				to <- hop
			}
		}(from, to)
		from = to
	}
	for i := 0; i < hops/goroutines; i++ {
		first <- i
		<-from
	}
}

func armAndStop(n int) {
	const outstanding = 100000
	others := make([]*time.Timer, outstanding)
	for i := range others {
		others[i] = time.NewTimer(time.Hour)
	}
	for i := 0; i < n; i++ {
		time.NewTimer(10 * time.Second).Stop()
	}
	for _, t := range others {
		t.Stop()
	}
}

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	first := 0
	var other sync.WaitGroup
	other.Add(1)
	go func() {
		first = fibonacci(n - 1)
		other.Done()
	}()
	second := fibonacci(n - 2)
	other.Wait()
	return first + second
}

func kibibytes() float64 {
	var all, resident int
	file, err := os.Open("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	fmt.Fscan(file, &all, &resident)
	return float64(resident) * 4
}

func park(n int) float64 {
	before := kibibytes()
	start := make(chan int)
	var waiting, all sync.WaitGroup
	waiting.Add(n)
	all.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			waiting.Done()
			<-start
			all.Done()
		}()
	}
	waiting.Wait()
	withAll := kibibytes()
	close(start)
	all.Wait()
	return (withAll - before) / float64(n)
}

type row struct {
	operations int
	run        func(int)
}

var rows = map[string]row{
	"spawn-and-join": {1000000, spawnAndJoin},
	"spawn-many":     {1000000, spawnMany},
	"yield":          {4000000, yieldInTurn},
	"round-trip":     {1000000, roundTrip},
	"buffered-1x1":   {4000000, func(n int) { throughBuffer(n, 1) }},
	"buffered-4x4":   {4000000, func(n int) { throughBuffer(n, 4) }},
	"select-4":       {1000000, selectOver4},
	"mutex-2":        {8000000, func(n int) { lockInTurn(n, 2) }},
	"mutex-1000":     {8000000, func(n int) { lockInTurn(n, 1000) }},
	"skynet":         {100000, skynet},
	"sieve":          {1000, sieve},
	"ring":           {2000000, ring},
	"timer":          {1000000, armAndStop},
	"fibonacci-24":   {1, func(int) { fibonacci(24) }},
	"park":           {100000, func(n int) { park(n) }},
}

func main() {
	if os.Args[1] == "park-memory" {
		fmt.Println(park(100000))
		return
	}
	r, known := rows[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "beside-go: no row", os.Args[1])
		os.Exit(2)
	}
	r.run(max(r.operations/10, 1))
	begin := time.Now()
	r.run(r.operations)
	fmt.Println(float64(time.Since(begin).Nanoseconds()) / float64(r.operations))
}
