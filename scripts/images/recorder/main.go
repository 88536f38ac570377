// Opens a connection to each of its targets every few milliseconds, and prints when each attempt began and how it ended:
//
//	recorder <tick in ms> <timeout in ms> <lifetime in s> <address>,<port>…
//
// It prints `begin`, then for each attempt `<target> <microseconds> <a|d|r|e>`: answered, no answer (dropped), refused, or
// the attempt itself went wrong. A line `ping <n>` on its standard input is answered with `pong <n> <microseconds>` by the
// same clock. A line `stop`, the end of the input, or the end of its lifetime ends it, with a last line `end`.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	began  = time.Now()
	output = bufio.NewWriter(os.Stdout)
	mutex  sync.Mutex
)

func now() int64 { return time.Since(began).Microseconds() }

// Attempts are printed together; what somebody waits for is flushed.
func say(flush bool, format string, values ...any) {
	mutex.Lock()
	defer mutex.Unlock()
	fmt.Fprintf(output, format, values...)
	if flush {
		output.Flush()
	}
}

// The main loop beats at least this often, in microseconds, if the program gets the processor time that it needs.
const longestBeat = 75_000

var lastBeat, lastStall atomic.Int64

func beat() {
	at := now()
	if at-lastBeat.Swap(at) > longestBeat {
		lastStall.Store(at)
	}
}

// Whether there may have been an answer since then that the program was too late to see: silence then proves nothing.
func stalledSince(start int64) bool {
	return lastStall.Load() >= start || now()-lastBeat.Load() > longestBeat
}

func attempt(address string, start int64, timeout time.Duration) string {
	connection, err := net.DialTimeout("tcp", address, timeout)
	if err == nil {
		// Closed by a reset, so that no port stays in TIME_WAIT.
		connection.(*net.TCPConn).SetLinger(0)
		connection.Close()
		return "a"
	}
	var late net.Error
	switch {
	case errors.As(err, &late) && late.Timeout() && !stalledSince(start):
		return "d"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EHOSTUNREACH):
		return "r"
	}
	return "e"
}

func follow(stop chan<- struct{}) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && lines.Text() != "stop" {
		if number, isPing := strings.CutPrefix(lines.Text(), "ping "); isPing {
			say(true, "pong %s %d\n", number, now())
		}
	}
	close(stop)
}

func milliseconds(text string) time.Duration {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		panic("not a number of at least 1: " + text)
	}
	return time.Duration(number) * time.Millisecond
}

func main() {
	runtime.GOMAXPROCS(1)
	tick, timeout, life := milliseconds(os.Args[1]), milliseconds(os.Args[2]), 1000*milliseconds(os.Args[3])
	var targets []string
	for _, text := range os.Args[4:] {
		address, port, _ := strings.Cut(text, ",")
		targets = append(targets, net.JoinHostPort(address, port))
	}
	stop, over, flush := make(chan struct{}), time.After(life), time.NewTicker(25*time.Millisecond)
	go follow(stop)
	say(true, "begin\n")
	next := time.Now()
	for {
		beat()
		select {
		case <-stop:
			say(true, "end\n")
			return
		case <-over:
			say(true, "end\n")
			return
		case <-flush.C:
			say(true, "")
			continue
		case <-time.After(time.Until(next)):
		}
		for index, address := range targets {
			go func() {
				start := now()
				say(false, "%d %d %s\n", index, start, attempt(address, start, timeout))
			}()
		}
		if next = next.Add(tick); time.Until(next) < -tick {
			next = time.Now()
		}
	}
}
