/* net-certificate.c - what a server's certificate says, for a person */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "net-private.h"

/* the longest text of a certificate that is shown */
#define TEXT_MAX 1000u

static char *
name_text(const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;
	char *text;
	long len;

	X509_NAME_print_ex(bio, name, 0,
			   XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(bio, &data);
	text = g_strndup(data, MIN((gsize)MAX(len, 0), TEXT_MAX));
	BIO_free(bio);
	return text;
}

static char *
alternative_names(X509 *x509)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
	GString *text = g_string_new(NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const ASN1_STRING *value = name->d.ia5;

		if (name->type != GEN_DNS || text->len > TEXT_MAX)
			continue;
		g_string_append_printf(
		    text, "%s%.*s", text->len > 0 ? ", " : "",
		    MIN(ASN1_STRING_length(value), 255),
		    (const char *)ASN1_STRING_get0_data(value));
	}
	GENERAL_NAMES_free(names);
	return g_string_free(text, FALSE);
}

static gint64
time_us(const ASN1_TIME *time)
{
	struct tm tm = {0};

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return 0;
	return (gint64)timegm(&tm) * G_USEC_PER_SEC;
}

static char *
fingerprint(X509 *x509)
{
	guchar digest[EVP_MAX_MD_SIZE];
	guint len = 0;
	GString *text = g_string_new(NULL);

	X509_digest(x509, EVP_sha256(), digest, &len);
	for (guint i = 0; i < len; i++)
		g_string_append_printf(text, "%s%02X", i > 0 ? ":" : "",
				       digest[i]);
	return g_string_free(text, FALSE);
}

char *
net_certificate_pin(X509 *x509)
{
	guchar digest[EVP_MAX_MD_SIZE];
	guint digest_len = 0;
	guchar *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);

	if (len <= 0)
		return g_strdup("");
	EVP_Digest(der, (gsize)len, digest, &digest_len, EVP_sha256(), NULL);
	OPENSSL_free(der);
	return g_base64_encode(digest, digest_len);
}

NetCertificate *
net_certificate_new(const char *host, X509 *x509)
{
	NetCertificate *certificate = g_new0(NetCertificate, 1);

	certificate->host = g_strdup(host);
	certificate->subject = name_text(X509_get_subject_name(x509));
	certificate->issuer = name_text(X509_get_issuer_name(x509));
	certificate->names = alternative_names(x509);
	certificate->not_before = time_us(X509_get0_notBefore(x509));
	certificate->not_after = time_us(X509_get0_notAfter(x509));
	certificate->sha256 = fingerprint(x509);
	certificate->pin = net_certificate_pin(x509);
	return certificate;
}

void
net_certificate_free(NetCertificate *certificate)
{
	if (certificate == NULL)
		return;
	g_free(certificate->host);
	g_free(certificate->subject);
	g_free(certificate->issuer);
	g_free(certificate->names);
	g_free(certificate->sha256);
	g_free(certificate->pin);
	g_free(certificate->reason);
	g_free(certificate);
}
