// A goroutine runs at once, on the scheduler that is in every binary, until its function returns. To cancel is to ask: a context, that it has to look at.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

type ticks struct {
	seen    atomic.Int32
	endedAt atomic.Int64
}

func ticking(ctx context.Context, t *ticks) {
	defer func() { t.endedAt.Store(time.Now().UnixNano()) }()
	for range 20 {
		select {
		case <-time.After(10 * time.Millisecond):
			t.seen.Add(1)
		case <-ctx.Done():
			return
		}
	}
}

func computing(t *ticks) {
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
	}
	t.endedAt.Store(time.Now().UnixNano())
}

func until(condition func() bool) {
	for !condition() {
		time.Sleep(time.Millisecond / 10)
	}
}

func creation() bool {
	var ran atomic.Bool
	go ran.Store(true)
	time.Sleep(50 * time.Millisecond)
	return ran.Load()
}

func dropping() int32 {
	t := new(ticks)
	go ticking(context.Background(), t)
	until(func() bool { return t.seen.Load() >= 5 })
	before := t.seen.Load() // there is nothing to let go of: a goroutine has no handle
	time.Sleep(300 * time.Millisecond)
	return t.seen.Load() - before
}

func cancellation() (int64, bool) {
	t := new(ticks)
	ctx, cancel := context.WithCancel(context.Background())
	go ticking(ctx, t)
	until(func() bool { return t.seen.Load() >= 5 })
	at := time.Now().UnixNano()
	cancel()
	stopped := t.endedAt.Load() != 0
	until(func() bool { return t.endedAt.Load() != 0 })
	return (t.endedAt.Load() - at) / 1000, stopped
}

// The middle one of five: the first runs code that has never run.
func cancellations() (int64, bool) {
	micros, always := make([]int64, 5), true
	for i := range micros {
		var stopped bool
		micros[i], stopped = cancellation()
		always = always && stopped
	}
	slices.Sort(micros)
	return micros[2], always
}

func computation() int64 {
	t := new(ticks)
	_, cancel := context.WithCancel(context.Background())
	go computing(t)
	time.Sleep(50 * time.Millisecond)
	at := time.Now().UnixNano()
	cancel()
	until(func() bool { return t.endedAt.Load() != 0 })
	return (t.endedAt.Load() - at) / 1_000_000
}

func main() {
	micros, stopped := cancellations()
	line, _ := json.Marshal(map[string]any{
		"form":             "goroutine",
		"version":          runtime.Version(),
		"ranBeforeAwait":   creation(),
		"ticksAfterDrop":   dropping(),
		"cancelledBy":      "a context that it looks at",
		"microsToStop":     micros,
		"stoppedOnReturn":  stopped,
		"computesOnMillis": computation(),
		"runner":           "the scheduler in every binary, M:N",
		"startsRuntime":    false,
	})
	fmt.Println(string(line))
}
