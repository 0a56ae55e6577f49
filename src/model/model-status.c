/* model-status.c - ownership of the status values */
#include "model-status.h"

void
certificate_info_free(CertificateInfo *info)
{
	if (info == NULL)
		return;
	g_free(info->host);
	g_free(info->subject);
	g_free(info->issuer);
	g_free(info->names);
	g_free(info->sha256);
	g_free(info->pin);
	g_free(info->reason);
	g_free(info);
}

CertificateInfo *
certificate_info_copy(const CertificateInfo *info)
{
	CertificateInfo *copy = g_memdup2(info, sizeof(*info));

	copy->host = g_strdup(info->host);
	copy->subject = g_strdup(info->subject);
	copy->issuer = g_strdup(info->issuer);
	copy->names = g_strdup(info->names);
	copy->sha256 = g_strdup(info->sha256);
	copy->pin = g_strdup(info->pin);
	copy->reason = g_strdup(info->reason);
	return copy;
}

void
sync_result_free(SyncResult *result)
{
	if (result == NULL)
		return;
	g_free(result->mailbox);
	g_free(result);
}

CheckFact *
check_fact_new(const char *name, bool ok, const char *value)
{
	CheckFact *fact = g_new0(CheckFact, 1);

	fact->name = g_strdup(name);
	fact->ok = ok;
	fact->value = g_strdup(value);
	return fact;
}

void
check_fact_free(CheckFact *fact)
{
	if (fact == NULL)
		return;
	g_free(fact->name);
	g_free(fact->value);
	g_free(fact);
}
