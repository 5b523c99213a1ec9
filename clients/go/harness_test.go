package mayfly

import (
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// live returns a client of the server that the environment names.
func live(t *testing.T, config Config) *Client {
	t.Helper()
	base := os.Getenv("MAYFLY_URL")
	if base == "" {
		t.Skip("MAYFLY_URL names no server")
	}
	return clientOf(t, base, config)
}

func clientOf(t *testing.T, base string, config Config) *Client {
	t.Helper()
	client, err := New(base, config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func freshName() string { return "go-" + newKey()[:12] }

// seeded prints its seed; MAYFLY_SEED runs it again.
func seeded(t *testing.T) *rand.Rand {
	seed, err := strconv.ParseInt(os.Getenv("MAYFLY_SEED"), 10, 64)
	if err != nil {
		seed = time.Now().UnixNano()
	}
	t.Logf("MAYFLY_SEED=%d", seed)
	return rand.New(rand.NewSource(seed))
}

// mortal is a server of this test's own, to be killed.
type mortal struct {
	t        *testing.T
	launcher string
	data     string
	port     string
	process  *exec.Cmd
}

func launch(t *testing.T) *mortal {
	launcher := os.Getenv("MAYFLY_LAUNCHER")
	if launcher == "" {
		t.Skip("MAYFLY_LAUNCHER names no launcher")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	server := &mortal{t: t, launcher: launcher, data: t.TempDir(), port: port}
	server.start()
	t.Cleanup(server.kill)
	return server
}

func (m *mortal) url() string { return "http://127.0.0.1:" + m.port }

func (m *mortal) start() {
	m.process = exec.Command(m.launcher, "server", "--port", m.port, "--data", m.data)
	if err := m.process.Start(); err != nil {
		m.t.Error(err)
		return
	}
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		response, err := http.Get(m.url() + "/health/ready")
		if err == nil {
			response.Body.Close()
			if response.StatusCode == 200 {
				return
			}
		}
	}
	m.t.Error("the server is not ready after 60 s")
}

// kill ends the server with SIGKILL.
func (m *mortal) kill() {
	m.process.Process.Kill()
	m.process.Wait()
}

func (m *mortal) contract(namespace, document string) {
	request, _ := http.NewRequest("PUT", m.url()+"/v1/contracts/"+namespace, strings.NewReader(document))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); response.StatusCode != 201 {
		m.t.Fatalf("contract: %d %s", response.StatusCode, body)
	}
}

// weather is a proxy that refuses, and cuts connections before and after the server did its work.
type weather struct {
	*httptest.Server
	mu      sync.Mutex
	random  *rand.Rand
	refused atomic.Int64
	cut     atomic.Int64
	storm   atomic.Bool
}

func newWeather(t *testing.T, target string) *weather {
	w := &weather{random: seeded(t)}
	behind := &http.Transport{MaxIdleConnsPerHost: 256}
	parsed, _ := url.Parse(target)
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		w.mu.Lock()
		dice := w.random.Float64()
		w.mu.Unlock()
		if w.storm.Load() {
			dice /= 8
		}
		switch {
		case dice < 0.02:
			w.refuse(out, 429, "rate-exceeded")
		case dice < 0.04:
			w.refuse(out, 503, "node-overloaded")
		case dice < 0.05:
			w.hangUp(out)
		default:
			response, err := forward(behind, parsed, in)
			if err != nil || dice < 0.07 {
				if response != nil {
					response.Body.Close()
				}
				w.hangUp(out)
				return
			}
			defer response.Body.Close()
			for name, values := range response.Header {
				out.Header()[name] = values
			}
			out.WriteHeader(response.StatusCode)
			io.Copy(out, response.Body)
		}
	}))
	t.Cleanup(w.Close)
	return w
}

func forward(behind *http.Transport, target *url.URL, in *http.Request) (*http.Response, error) {
	onward := in.Clone(in.Context())
	onward.URL.Scheme, onward.URL.Host = target.Scheme, target.Host
	onward.RequestURI = ""
	response, err := behind.RoundTrip(onward)
	if err != nil {
		return nil, err
	}
	// The server has done its work when its answer is here.
	return response, nil
}

func (w *weather) refuse(out http.ResponseWriter, status int, problem string) {
	w.refused.Add(1)
	out.Header().Set("Content-Type", "application/problem+json")
	out.Header().Set("Retry-After", "0")
	out.WriteHeader(status)
	fmt.Fprintf(out, `{"type":"urn:mayfly:problem:%s","status":%d,"retryable":true,"retryAfterMs":20}`, problem, status)
}

func (w *weather) hangUp(out http.ResponseWriter) {
	w.cut.Add(1)
	connection, _, err := out.(http.Hijacker).Hijack()
	if err == nil {
		connection.Close()
	}
}
