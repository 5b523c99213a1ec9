package mayfly

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"mayfly.io/clients/go/cbor"
)

// TestConformance runs the vectors that all clients and servers share, with this client's transport,
// event reader, codec, digest and fence verifier. ../conformance/README.md describes their format.
func TestConformance(t *testing.T) {
	directory := os.Getenv("MAYFLY_CONFORMANCE")
	if directory == "" {
		directory = "../conformance"
	}
	files, err := filepath.Glob(filepath.Join(directory, "cases", "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("no vectors in " + directory)
	}
	base := os.Getenv("MAYFLY_URL")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var group struct {
			Group string
			Cases []map[string]any
		}
		if err := json.Unmarshal(text, &group); err != nil {
			t.Fatal(file, err)
		}
		for _, vector := range group.Cases {
			vector := vector
			t.Run(group.Group+"/"+vector["name"].(string), func(t *testing.T) {
				t.Parallel()
				switch {
				case vector["canonical"] != nil:
					checkCanonical(t, vector["canonical"].(map[string]any))
				case vector["fence"] != nil:
					checkFence(t, vector["fence"].([]any))
				case base == "":
					t.Skip("MAYFLY_URL names no server")
				default:
					runCase(t, base, vector)
				}
			})
		}
	}
}

func checkCanonical(t *testing.T, vector map[string]any) {
	var value any
	if text, ok := vector["json"].(string); ok {
		if err := jsonCodec.read([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
	} else {
		data, err := hex.DecodeString(vector["cbor"].(string))
		if err != nil {
			t.Fatal(err)
		}
		if value, err = cbor.Decode(data); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := cbor.Encode(value)
	if err != nil || hex.EncodeToString(encoded) != vector["hex"] {
		t.Errorf("encoded %x, %v; want %v", encoded, err, vector["hex"])
	}
	if digest, err := Digest(value); err != nil || digest != vector["digest"] {
		t.Errorf("digest %s, %v; want %v", digest, err, vector["digest"])
	}
}

func checkFence(t *testing.T, tokens []any) {
	var verifier FenceVerifier
	for _, step := range tokens {
		token := int64(step.([]any)[0].(float64))
		if admitted := verifier.Admit(token) == nil; admitted != step.([]any)[1] {
			t.Errorf("token %d admitted: %v", token, admitted)
		}
	}
}

// caseRun is one case on its way.
type caseRun struct {
	t          *testing.T
	client     *Client
	base       *url.URL
	vars       map[string]any
	background map[string]*pending
	streams    map[string]*opened
	ctx        context.Context
}

type pending struct {
	cancel context.CancelFunc
	answer chan heard
}

type heard struct {
	status int
	header http.Header
	body   []byte
	err    error
}

type opened struct {
	cancel context.CancelFunc
	events chan map[string]any
}

func runCase(t *testing.T, base string, vector map[string]any) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	client, err := New(base, Config{HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	parsed, _ := url.Parse(base)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	defer transport.CloseIdleConnections()
	run := &caseRun{t: t, client: client, base: parsed, ctx: ctx, background: map[string]*pending{}, streams: map[string]*opened{},
		vars: map[string]any{"ns": "c" + newKey()[:10]}}
	if contract := vector["contract"]; contract != nil {
		run.step(map[string]any{"method": "PUT", "path": "/v1/contracts/${ns}", "json": contract,
			"expect": map[string]any{"status": 201.0}})
	}
	for i, step := range vector["steps"].([]any) {
		if err := run.step(step.(map[string]any)); err != nil {
			t.Fatalf("step %d %v: %v", i, step, err)
		}
	}
}

func (r *caseRun) step(step map[string]any) error {
	expect, _ := step["expect"].(map[string]any)
	switch {
	case step["finish"] != nil:
		select {
		case got := <-r.background[step["finish"].(string)].answer:
			return r.compare(expect, got)
		case <-time.After(10 * time.Second):
			return fmt.Errorf("no answer within 10 s")
		}
	case step["abandon"] != nil:
		r.background[step["abandon"].(string)].cancel()
	case step["cut"] != nil:
		r.streams[step["cut"].(string)].cancel()
	case step["open"] != nil:
		return r.open(step, expect)
	case step["read"] != nil:
		return r.read(r.streams[step["read"].(string)], step["events"].([]any))
	case step["background"] != nil:
		ctx, cancel := context.WithCancel(r.ctx)
		waiting := &pending{cancel, make(chan heard, 1)}
		r.background[step["background"].(string)] = waiting
		request := r.build(ctx, step)
		go func() { waiting.answer <- r.exchange(request) }()
	default:
		patience, _ := time.ParseDuration(fmt.Sprint(step["retryFor"]))
		deadline := time.Now().Add(patience)
		for {
			err := r.compare(expect, r.exchange(r.build(r.ctx, step)))
			if err == nil || time.Now().After(deadline) {
				return err
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	return nil
}

func (r *caseRun) build(ctx context.Context, step map[string]any) *http.Request {
	method, _ := step["method"].(string)
	if method == "" {
		method = "GET"
	}
	var body io.Reader
	contentType := ""
	if document, there := step["json"]; there {
		encoded, _ := json.Marshal(r.resolve(document))
		body, contentType = bytes.NewReader(encoded), "application/json"
	} else if text, there := step["text"].(string); there {
		body = strings.NewReader(r.text(text))
	} else if digits, there := step["hex"].(string); there {
		raw, err := hex.DecodeString(digits)
		if err != nil {
			r.t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, r.base.String(), body)
	if err != nil {
		r.t.Fatal(err)
	}
	request.URL = &url.URL{Scheme: r.base.Scheme, Host: r.base.Host, Opaque: r.text(step["path"].(string))}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	headers, _ := step["headers"].(map[string]any)
	for name, value := range headers {
		request.Header.Set(name, r.text(fmt.Sprint(value)))
	}
	return request
}

func (r *caseRun) exchange(request *http.Request) heard {
	response, err := r.client.config.HTTP.Do(request)
	if err != nil {
		return heard{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return heard{response.StatusCode, response.Header, body, err}
}

func (r *caseRun) open(step, expect map[string]any) error {
	ctx, cancel := context.WithCancel(r.ctx)
	response, err := r.client.config.HTTP.Do(r.build(ctx, step))
	if err != nil {
		cancel()
		return err
	}
	if response.StatusCode != 200 {
		defer cancel()
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return r.compare(expect, heard{response.StatusCode, response.Header, body, err})
	}
	stream := &opened{cancel, make(chan map[string]any, 1000)}
	r.streams[step["open"].(string)] = stream
	go func() {
		defer response.Body.Close()
		if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
			for reader := newSSEReader(response.Body, "", func() {}); ; {
				event, err := reader.next()
				if err != nil {
					return
				}
				if event.data != "" {
					stream.events <- map[string]any{"id": event.id, "event": event.event, "data": parsed(event.data)}
				}
			}
		}
		for lines := newSSEReader(response.Body, "", func() {}); ; {
			line, err := lines.in.ReadString('\n')
			if err != nil {
				return
			}
			if data, ok := parsed(line).(map[string]any); ok {
				stream.events <- map[string]any{"id": data["id"], "event": data["event"], "data": data}
			}
		}
	}()
	if expect == nil {
		return nil
	}
	return r.compare(expect, heard{status: response.StatusCode, header: response.Header})
}

func parsed(text string) (tree any) {
	_ = json.Unmarshal([]byte(text), &tree)
	return tree
}

func (r *caseRun) read(stream *opened, events []any) error {
	timeout := time.After(10 * time.Second)
	for i, want := range events {
		select {
		case got := <-stream.events:
			for _, name := range []string{"id", "event", "data"} {
				member, asked := want.(map[string]any)[name]
				if err := r.match(member, got[name], got[name] != nil); asked && err != nil {
					return fmt.Errorf("event %d, %s: %w in %v", i, name, err, got)
				}
			}
		case <-timeout:
			return fmt.Errorf("event %d did not come within 10 s", i)
		}
	}
	return nil
}

func (r *caseRun) compare(expect map[string]any, got heard) error {
	if got.err != nil {
		return got.err
	}
	if err := r.match(expect["status"], float64(got.status), true); expect["status"] != nil && err != nil {
		return fmt.Errorf("status: %w: %s", err, got.body)
	}
	headers, _ := expect["headers"].(map[string]any)
	for name, want := range headers {
		values := got.header.Values(name)
		if err := r.match(want, strings.Join(values, ", "), len(values) > 0); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	if name, there := expect["problem"].(string); there {
		document, _ := parsed(string(got.body)).(map[string]any)
		if !strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json") ||
			document["type"] != "urn:mayfly:problem:"+name || document["status"] != float64(got.status) {
			return fmt.Errorf("no problem %s: %s", name, got.body)
		}
	}
	return r.compareBody(expect, got)
}

func (r *caseRun) compareBody(expect map[string]any, got heard) error {
	if want, there := expect["json"]; there {
		if err := r.match(want, parsed(string(got.body)), true); err != nil {
			return fmt.Errorf("%w in %s", err, got.body)
		}
	}
	for name, codec := range map[string]codec{"ndjson": jsonCodec, "cbor": cborCodec, "cborSeq": cborCodec} {
		want, there := expect[name]
		if !there {
			continue
		}
		trees, err := codec.decode(got.body)
		if err != nil {
			return err
		}
		tree := plain(trees)
		if name == "cbor" && len(trees) == 1 {
			tree = tree.([]any)[0]
		}
		if err := r.match(want, tree, true); err != nil {
			return fmt.Errorf("%w in %v", err, tree)
		}
	}
	if want, there := expect["text"].(string); there && r.text(want) != string(got.body) {
		return fmt.Errorf("body is %q", got.body)
	}
	if want, there := expect["hex"].(string); there && want != hex.EncodeToString(got.body) {
		return fmt.Errorf("body is %x", got.body)
	}
	return nil
}

// plain is a tree as encoding/json would have read it from Mayfly's JSON.
func plain(tree any) any {
	switch v := tree.(type) {
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case []byte:
		return base64.RawURLEncoding.EncodeToString(v)
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = plain(v[i])
		}
		return items
	case map[string]any:
		members := map[string]any{}
		for name := range v {
			members[name] = plain(v[name])
		}
		return members
	}
	return tree
}

var (
	variable  = regexp.MustCompile(`\$\{([^}]*)\}`)
	moment    = regexp.MustCompile(`^now(?:([+-])(\d+(?:ms|s|m|h)))?$`)
	instantRe = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	etagRe    = regexp.MustCompile(`^"\d+\.\d+"$`)
)

func (r *caseRun) value(name string) any {
	if parts := moment.FindStringSubmatch(name); parts != nil {
		offset, _ := time.ParseDuration(parts[2])
		if parts[1] == "-" {
			offset = -offset
		}
		return instantText(time.Now().Add(offset))
	}
	value, known := r.vars[name]
	if !known {
		r.t.Fatalf("no variable %s", name)
	}
	return value
}

func (r *caseRun) text(text string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		value := r.value(found[2 : len(found)-1])
		if number, ok := value.(float64); ok {
			return strconv.FormatFloat(number, 'f', -1, 64)
		}
		return fmt.Sprint(value)
	})
}

func (r *caseRun) resolve(tree any) any {
	switch v := tree.(type) {
	case string:
		if whole := variable.FindString(v); whole == v && whole != "" {
			return r.value(v[2 : len(v)-1])
		}
		return r.text(v)
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = r.resolve(v[i])
		}
		return items
	case map[string]any:
		members := map[string]any{}
		for name := range v {
			members[name] = r.resolve(v[name])
		}
		return members
	}
	return tree
}

func (r *caseRun) match(want, got any, there bool) error {
	matcher, isObject := want.(map[string]any)
	for name := range matcher {
		if strings.HasPrefix(name, "$") {
			return r.matcher(matcher, got, there)
		}
	}
	if !there {
		return fmt.Errorf("nothing is there for %v", want)
	}
	if items, ok := want.([]any); ok {
		found, _ := got.([]any)
		if len(found) != len(items) || found == nil {
			return fmt.Errorf("%v is no array of %d", got, len(items))
		}
		for i := range items {
			if err := r.match(items[i], found[i], true); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
	if isObject {
		found, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is no object", got)
		}
		for name, member := range matcher {
			value, there := found[name]
			if err := r.match(member, value, there); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	if want = r.resolve(want); !reflect.DeepEqual(want, got) && fmt.Sprint(want) != fmt.Sprint(got) {
		return fmt.Errorf("%v is not %v", got, want)
	}
	return nil
}

func (r *caseRun) matcher(matcher map[string]any, got any, there bool) error {
	if matcher["$absent"] == true {
		if there {
			return fmt.Errorf("%v is there", got)
		}
		return nil
	}
	if !there {
		return fmt.Errorf("nothing is there for %v", matcher)
	}
	names := make([]string, 0, len(matcher))
	for name := range matcher {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := r.holds(name, matcher[name], got); err != nil {
			return err
		}
	}
	if capture, ok := matcher["$capture"].(string); ok {
		r.vars[capture] = got
	}
	return nil
}

func (r *caseRun) holds(name string, argument, got any) error {
	number, isNumber := got.(float64)
	if text, ok := got.(string); ok && !isNumber {
		if read, err := strconv.ParseFloat(text, 64); err == nil {
			number, isNumber = read, true
		}
	}
	ok := false
	switch name {
	case "$capture":
		ok = true
	case "$any":
		ok = ofKind(argument.(string), got, number, isNumber)
	case "$exactly":
		ok = r.exactly(argument, got)
	case "$above":
		ok = isNumber && number > r.resolve(argument).(float64)
	case "$between":
		bounds := argument.([]any)
		ok = isNumber && number >= r.resolve(bounds[0]).(float64) && number <= r.resolve(bounds[1]).(float64)
	case "$not":
		ok = r.match(argument, got, true) != nil
	case "$oneOf":
		for _, one := range argument.([]any) {
			ok = ok || r.match(one, got, true) == nil
		}
	case "$contains":
		items, _ := got.([]any)
		ok = true
		for _, wanted := range argument.([]any) {
			found := false
			for _, item := range items {
				found = found || r.match(wanted, item, true) == nil
			}
			ok = ok && found
		}
	default:
		return fmt.Errorf("unknown matcher %s", name)
	}
	if !ok {
		return fmt.Errorf("%v is not %s %v", got, name, argument)
	}
	return nil
}

func ofKind(kind string, got any, number float64, isNumber bool) bool {
	text, isText := got.(string)
	switch kind {
	case "anything":
		return true
	case "instant":
		return isText && instantRe.MatchString(text)
	case "etag":
		return isText && etagRe.MatchString(text)
	case "text":
		return isText
	case "integer":
		return isNumber && number == math.Trunc(number)
	case "number":
		return isNumber
	case "boolean":
		_, ok := got.(bool)
		return ok
	case "object":
		_, ok := got.(map[string]any)
		return ok
	case "array":
		_, ok := got.([]any)
		return ok
	}
	return false
}

// exactly is a match without further members.
func (r *caseRun) exactly(want, got any) bool {
	members, isObject := want.(map[string]any)
	for name := range members {
		if strings.HasPrefix(name, "$") {
			return r.matcher(members, got, true) == nil
		}
	}
	if isObject {
		found, _ := got.(map[string]any)
		if len(found) != len(members) || found == nil {
			return false
		}
		for name := range members {
			value, there := found[name]
			if !there || !r.exactly(members[name], value) {
				return false
			}
		}
		return true
	}
	if items, ok := want.([]any); ok {
		found, _ := got.([]any)
		if len(found) != len(items) || found == nil {
			return false
		}
		for i := range items {
			if !r.exactly(items[i], found[i]) {
				return false
			}
		}
		return true
	}
	return r.match(want, got, true) == nil
}
