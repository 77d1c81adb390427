// The workloads of tasks in Go, the same as the tokio peer's. One run is one workload and prints one line of JSON.
//
// Left out is what Go has nothing for: channels without bound, and broadcasts.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

const (
	batch    = 1_000 // operations between two looks at the clock
	capacity = 128
	lockers  = 100
	turns    = 100 // how often a goroutine locks before it looks at the clock
	joined   = 10_000
	limit    = 5 * time.Second
)

type work func(deadline time.Time) int

var works = map[string]work{
	"mpsc":      func(deadline time.Time) int { return mpsc(deadline, 1) },
	"mpsc-8":    func(deadline time.Time) int { return mpsc(deadline, 8) },
	"ping-pong": pingPong,
	"mutex":     alone,
	"mutex-100": crowd,
	"join":      join,
	"timeout":   timeout,
}

func main() {
	flags := flag.NewFlagSet("latent-peer-go", flag.ExitOnError)
	seconds := flags.Float64("seconds", 2, "length of the measurement")
	warmup := flags.Float64("warmup", 1, "run unmeasured for so many seconds first")
	flavor := flags.String("flavor", "current", "current (GOMAXPROCS 1) or multi")
	workers := flags.Int("workers", 2, "GOMAXPROCS of the multi flavor")
	if len(os.Args) < 2 || works[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: latent-peer-go mpsc|mpsc-8|ping-pong|mutex|mutex-100|join|timeout [options]")
		os.Exit(2)
	}
	name := os.Args[1]
	flags.Parse(os.Args[2:])
	if *flavor == "current" {
		*workers = 1
	}
	runtime.GOMAXPROCS(*workers)
	run(works[name], *warmup)
	operations, elapsed := run(works[name], *seconds)
	fmt.Printf(`{"system":"%s","work":"%s","flavor":"%s","workers":%d,"seconds":%.3f,"operations":%d,"ops_per_second":%.0f}`+"\n",
		runtime.Version(), name, *flavor, *workers, elapsed, operations, float64(operations)/elapsed)
}

func run(of work, seconds float64) (int, float64) {
	start := time.Now()
	operations := of(start.Add(time.Duration(seconds * 1e9)))
	return operations, time.Since(start).Seconds()
}

func check(holds bool) {
	if !holds {
		panic("a wrong result")
	}
}

// Messages are small numbers; these are of one batch.
func value(i int) int { return i & 63 }

func batchSum() int {
	sum := 0
	for i := range batch {
		sum += value(i)
	}
	return sum
}

func mpsc(deadline time.Time, senders int) int {
	channel := make(chan int, capacity)
	counts := make(chan int, senders)
	var open sync.WaitGroup
	for range senders {
		open.Add(1)
		go func() {
			defer open.Done()
			sent := 0
			for time.Now().Before(deadline) {
				for i := range batch {
					channel <- value(i)
				}
				sent += batch
			}
			counts <- sent
		}()
	}
	go func() {
		open.Wait()
		close(channel)
	}()
	received, sum := 0, 0
	for message := range channel {
		received++
		sum += message
	}
	sent := 0
	for range senders {
		sent += <-counts
	}
	check(received == sent && sum == received/batch*batchSum())
	return received
}

func pingPong(deadline time.Time) int {
	requests := make(chan chan int, 1)
	total := make(chan int)
	go func() {
		served := 0
		for reply := range requests {
			served++
			reply <- served
		}
		total <- served
	}()
	operations := 0
	for time.Now().Before(deadline) {
		for range batch {
			reply := make(chan int, 1)
			requests <- reply
			operations++
			check(<-reply == operations)
		}
	}
	close(requests)
	check(<-total == operations)
	return operations
}

func alone(deadline time.Time) int {
	var mutex sync.Mutex
	count, operations := 0, 0
	for time.Now().Before(deadline) {
		for range batch {
			mutex.Lock()
			count++
			mutex.Unlock()
		}
		operations += batch
	}
	check(count == operations)
	return operations
}

// crowd has a mutex that lets newcomers overtake, unless somebody has waited for a millisecond.
func crowd(deadline time.Time) int {
	var mutex sync.Mutex
	count := 0
	counts := make(chan int, lockers)
	for range lockers {
		go func() {
			locked := 0
			for time.Now().Before(deadline) {
				for range turns {
					mutex.Lock()
					count++
					runtime.Gosched()
					mutex.Unlock()
				}
				locked += turns
			}
			counts <- locked
		}()
	}
	operations := 0
	for range lockers {
		operations += <-counts
	}
	check(count == operations)
	return operations
}

func join(deadline time.Time) int {
	operations := 0
	for time.Now().Before(deadline) {
		var all sync.WaitGroup
		all.Add(joined)
		for range joined {
			go func() {
				runtime.Gosched()
				all.Done()
			}()
		}
		all.Wait()
		operations += joined
	}
	return operations
}

func timeout(deadline time.Time) int {
	operations := 0
	for time.Now().Before(deadline) {
		for range batch {
			limited, cancel := context.WithTimeout(context.Background(), limit)
			runtime.Gosched()
			check(limited.Err() == nil)
			cancel()
		}
		operations += batch
	}
	return operations
}
