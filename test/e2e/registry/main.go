// A registry for tests, with TLS by an authority of its own and a login: `registry FOLDER USER`, the password in PASSWORD.
// Keeps images below FOLDER, writes the authority's certificate to FOLDER/ca.pem, and then listens on port 5000.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"golang.org/x/crypto/bcrypt"
)

func main() {
	folder, user := os.Args[1], os.Args[2]
	authority := certificate(nil, "")
	server := certificate(authority, ownAddress())
	at := func(name string) string { return filepath.Join(folder, name) }
	write(at("server.pem"), server.pem, 0o644)
	write(at("server.key"), server.keyPem, 0o600)
	password, err := bcrypt.GenerateFromPassword([]byte(os.Getenv("PASSWORD")), bcrypt.MinCost)
	check(err)
	write(at("htpasswd"), []byte(user+":"+string(password)+"\n"), 0o600)

	config := &configuration.Configuration{
		Storage: configuration.Storage{"filesystem": configuration.Parameters{"rootdirectory": at("images")}},
		Auth:    configuration.Auth{"htpasswd": configuration.Parameters{"realm": "test", "path": at("htpasswd")}},
	}
	config.Catalog.MaxEntries = 100
	config.HTTP.Addr = ":5000"
	config.HTTP.TLS.Certificate = at("server.pem")
	config.HTTP.TLS.Key = at("server.key")
	config.Log.AccessLog.Disabled = false
	config.Log.Level = "info"
	listening, err := registry.NewRegistry(context.Background(), config)
	check(err)
	write(at("ca.pem"), authority.pem, 0o644)
	check(listening.ListenAndServe())
}

type signed struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pem, keyPem []byte
}

// certificate makes one for a server at an address, signed by the authority, or an authority where there is none.
func certificate(authority *signed, address string) *signed {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	check(err)
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "podreach test " + address},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(48 * time.Hour),
		BasicConstraintsValid: true,
	}
	issuer, issuerKey := template, key
	if authority == nil {
		template.IsCA = true
		template.KeyUsage = x509.KeyUsageCertSign
	} else {
		issuer, issuerKey = authority.certificate, authority.key
		template.IPAddresses = []net.IP{net.ParseIP(address)}
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, issuerKey)
	check(err)
	parsed, err := x509.ParseCertificate(der)
	check(err)
	keyDer, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return &signed{
		certificate: parsed,
		key:         key,
		pem:         pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPem:      pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDer}),
	}
}

// ownAddress is the one that the container has on its network.
func ownAddress() string {
	addresses, err := net.InterfaceAddrs()
	check(err)
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	log.Fatal("no address on any network")
	return ""
}

func write(path string, content []byte, mode os.FileMode) { check(os.WriteFile(path, content, mode)) }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
