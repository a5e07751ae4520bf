// The public log seen by code that is not ours: golang.org/x/mod/sumdb, which Go's own checksum database runs on.
//
//	apt-get install golang-go golang-golang-x-mod-dev
//	cd tests/conformance/tlog && export GO111MODULE=off GOPATH=/usr/share/gocode
//	go run main.go vectors >vectors.json                                  makes what test_public_log.py compares with
//	go run main.go verify http://127.0.0.1:8000/log/world VKEY [PROOF]    checks a running service
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height, origin = 8, "badges.example/log/world"

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// leaf is the number-th of the vectors' leaves: '+', day 20000, sequence from 1, SHA-256 of the number as commitment.
func leaf(number int64) []byte {
	data := []byte{'+', 20000 >> 8, 20000 & 255}
	data = binary.BigEndian.AppendUint32(data, uint32(number+1))
	commitment := sha256.Sum256([]byte(strconv.FormatInt(number, 10)))
	return append(data, commitment[:]...)
}

func path(tile tlog.Tile) string { return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/") }

func checkpoint(size int64, root tlog.Hash) string { return fmt.Sprintf("%s\n%d\n%s\n", origin, size, root) }

func vectors() {
	seed := sha256.Sum256([]byte("blue heart"))
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey := must(note.NewEd25519VerifierKey(origin, private.Public().(ed25519.PublicKey)))
	id := strings.Split(vkey, "+")[1]
	skey := "PRIVATE+KEY+" + origin + "+" + id + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...))
	signer := must(note.NewSigner(skey))

	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	cases := []map[string]any{}
	wanted := map[int64]bool{1: true, 2: true, 7: true, 255: true, 256: true, 257: true, 600: true, 66000: true}
	for number := int64(0); number < 66000; number++ {
		stored = append(stored, must(tlog.StoredHashes(number, leaf(number), reader))...)
		size := number + 1
		if !wanted[size] {
			continue
		}
		root := must(tlog.TreeHash(size, reader))
		tiles := map[string]string{}
		for _, tile := range tlog.NewTiles(height, 0, size) {
			if tile.L > 0 || tile.N%50 == 0 || tile.W < 256 {
				digest := sha256.Sum256(must(tlog.ReadTileData(tile, reader)))
				tiles[path(tile)] = hex.EncodeToString(digest[:])
			}
		}
		proofs := map[string][]string{}
		for _, index := range []int64{0, 1, size / 2, size - 1} {
			if index < size {
				proof := []string{}
				for _, hash := range must(tlog.ProveRecord(size, index, reader)) {
					proof = append(proof, hash.String())
				}
				proofs[strconv.FormatInt(index, 10)] = proof
			}
		}
		signed := must(note.Sign(&note.Note{Text: checkpoint(size, root)}, signer))
		cases = append(cases, map[string]any{"size": size, "note": string(signed), "tiles": tiles, "proofs": proofs})
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	out.Encode(map[string]any{"seed": hex.EncodeToString(seed[:]), "vkey": vkey, "cases": cases})
}

func get(url string) []byte {
	answer := must(http.Get(url))
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		log.Fatalf("%s: %s", url, answer.Status)
	}
	return must(io.ReadAll(answer.Body))
}

type tiles struct{ url string }

func (t tiles) Height() int                            { return height }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		found = append(found, get(t.url+"/"+path(tile)))
	}
	return found, nil
}

func open(signed []byte, vkey string) tlog.Tree {
	verifier := must(note.NewVerifier(vkey))
	lines := strings.Split(must(note.Open(signed, note.VerifierList(verifier))).Text, "\n")
	return tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64)), Hash: must(tlog.ParseHash(lines[2]))}
}

func verify(url, vkey, proofFile string) {
	tree := open(get(url+"/checkpoint"), vkey)
	reader := tlog.TileHashReader(tree, tiles{url})
	number := int64(0)
	for index := int64(0); index*256 < tree.N; index++ {
		tile := tlog.Tile{H: height, L: 0, N: index, W: int(min(256, tree.N-index*256))}
		name := strings.Replace(path(tile), "tile/0/", "tile/entries/", 1)
		for bundle := get(url + "/" + name); len(bundle) > 0; number++ {
			length := int(bundle[0])<<8 | int(bundle[1])
			hash := must(reader.ReadHashes([]int64{tlog.StoredHashIndex(0, number)}))[0]
			if hash != tlog.RecordHash(bundle[2:2+length]) {
				log.Fatalf("entry %d is not in the tree", number)
			}
			bundle = bundle[2+length:]
		}
	}
	fmt.Printf("%d entries are in the tree that was signed\n", number)
	if proofFile == "" {
		return
	}
	head, signed, _ := bytes.Cut(must(os.ReadFile(proofFile)), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	record := must(base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra ")))
	at := must(strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64))
	proof := tlog.RecordProof{}
	for _, line := range lines[3:] {
		proof = append(proof, must(tlog.ParseHash(line)))
	}
	then := open(signed, vkey)
	if err := tlog.CheckRecord(proof, then.N, then.Hash, at, tlog.RecordHash(record)); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the proof holds: entry %d of %d\n", at, then.N)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	arguments := append(os.Args[1:], "", "", "", "")
	switch arguments[0] {
	case "vectors":
		vectors()
	case "verify":
		verify(arguments[1], arguments[2], arguments[3])
	default:
		log.Fatal("go run main.go vectors | verify URL VKEY [PROOF]")
	}
}
