package mayfly

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadme_firstProgram_printsWhatItSays(t *testing.T) {
	base := os.Getenv("MAYFLY_URL")
	if base == "" {
		t.Skip("MAYFLY_URL names no server")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```go\n")
	program, _, _ := strings.Cut(rest, "```")
	_, body, _ := strings.Cut(program, "func main() {\n")
	if lines := strings.Count(body, "\n"); lines > 10 {
		t.Errorf("the first result takes %d lines", lines)
	}
	file := filepath.Join(t.TempDir(), "main.go")
	program = strings.ReplaceAll(program, "http://127.0.0.1:8080", base)
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}

	output, err := exec.Command("go", "run", file).CombinedOutput()

	if err != nil || string(output) != "map[apples:3] <nil>\n" {
		t.Errorf("%s, %v", output, err)
	}
}
