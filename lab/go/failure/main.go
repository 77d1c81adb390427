package main

import "time"

func handle() string { return load("order 7") }

func load(name string) string { return query(name) }

func query(name string) string { return connection(name) }

func connection(name string) string {
	time.Sleep(time.Millisecond)
	panic("no connection for " + name)
}

func main() {
	done := make(chan string)
	go func() { done <- handle() }()
	<-done
}
