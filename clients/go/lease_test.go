package mayfly

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestLease_renewed_outlivesItsTTL(t *testing.T) {
	client, ctx, name := live(t, Config{}), context.Background(), freshName()

	lease, err := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "a", TTL: 600 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond)
	_, second := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "b", TTL: time.Second})

	var problem *Problem
	if lease.Err() != nil || !errors.As(second, &problem) || problem.Holders[0].Holder != "a" {
		t.Fatal(lease.Err(), second)
	}
	if err := lease.Release(ctx); err != nil {
		t.Fatal(err)
	}
	next, err := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "b", TTL: time.Second})
	if err != nil || next.Token() <= lease.Token() {
		t.Fatal(err, next, lease.Token())
	}
	if lease.Context().Err() == nil {
		t.Error("a released lease's context goes on")
	}
}

func TestLease_waited_countsFromItsGrant(t *testing.T) {
	client, ctx, name := live(t, Config{}), context.Background(), freshName()
	first, err := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "a", TTL: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(1500*time.Millisecond, func() { first.Release(ctx) })

	second, err := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "b", TTL: time.Second, Wait: 5 * time.Second})

	if err != nil || second.Err() != nil {
		t.Fatal(err, second)
	}
}

func TestLease_serverGone_isAtRiskThenLost(t *testing.T) {
	server := launch(t)
	client := clientOf(t, server.url(), Config{})
	risks, lost := atomic.Int64{}, make(chan error, 1)
	lease, err := client.Acquire(context.Background(), "go", "lock", LeaseOptions{
		Holder: "a", TTL: 1500 * time.Millisecond,
		AtRisk: func(*Lease, error) { risks.Add(1) },
		Lost:   func(_ *Lease, err error) { lost <- err },
	})
	if err != nil {
		t.Fatal(err)
	}

	server.kill()

	select {
	case err := <-lost:
		if !errors.Is(err, LeaseLost) || risks.Load() == 0 || lease.Context().Err() == nil {
			t.Errorf("%v after %d risks", err, risks.Load())
		}
	case <-time.After(10 * time.Second):
		t.Error("the loss was not told")
	}
}

// TestLease_pausedHolder_learnsBeforeItsWriteIsRefused stops a process that holds a lease with SIGSTOP
// until somebody else has it.
func TestLease_pausedHolder_learnsBeforeItsWriteIsRefused(t *testing.T) {
	client, ctx, name := live(t, Config{}), context.Background(), freshName()
	holder := exec.Command(os.Args[0], "-test.run", "^TestHolderProcess$")
	holder.Env = append(os.Environ(), "MAYFLY_HOLDER="+name)
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	defer holder.Wait()
	defer holder.Process.Kill()
	lines := bufio.NewScanner(output)
	told := func() string {
		if !lines.Scan() {
			t.Fatal("the holder ended")
		}
		return lines.Text()
	}
	if line := told(); line != "held" {
		t.Fatal(line)
	}

	holder.Process.Signal(syscall.SIGSTOP)
	next, err := client.Acquire(ctx, name, "lock", LeaseOptions{Holder: "next", TTL: 30 * time.Second, Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := In[string](client, name).Put(ctx, "guarded", "next", next.Fence()); err != nil {
		t.Fatal(err)
	}
	holder.Process.Signal(syscall.SIGCONT)

	var events []string
	for line := told(); line != "over"; line = told() {
		events = append(events, line)
	}
	sort.Strings(events) // The renewals and the write may notice at once.
	if story := strings.Join(events, ", "); story != "lost, write not sent" {
		t.Errorf("the holder told: %s", story)
	}
}

// TestHolderProcess is no test: it is the process that the one above pauses.
func TestHolderProcess(t *testing.T) {
	name := os.Getenv("MAYFLY_HOLDER")
	if name == "" {
		t.Skip("run by TestLease_pausedHolder_learnsBeforeItsWriteIsRefused")
	}
	client, ctx := live(t, Config{}), context.Background()
	lost := make(chan struct{})
	lease, err := client.Acquire(ctx, name, "lock", LeaseOptions{
		Holder: "paused", TTL: time.Second, Lost: func(*Lease, error) { fmt.Println("lost"); close(lost) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for told := false; ; told = true {
		_, err := In[string](client, name).Put(ctx, "guarded", "paused", lease.Fence())
		if err == nil && !told {
			fmt.Println("held")
		}
		if errors.Is(err, StaleFence) {
			fmt.Println("refused")
		} else if errors.Is(err, LeaseLost) {
			fmt.Println("write not sent")
		}
		if err != nil {
			<-lost
			fmt.Println("over")
			return
		}
	}
}
