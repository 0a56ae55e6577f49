/* net-srv.c - SRV records, asked for in a thread that can be abandoned */
#include "net-srv.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base-guard.h"
#include "base-thread.h"

#define ANSWER_MAX 16384
#define RESOLVER_SECONDS 3
#define RESOLVER_TRIES 2

static void
service_free(gpointer data)
{
	NetService *service = data;

	g_free(service->host);
	g_free(service);
}

/* By priority; then the heavier one. */
static gint
by_preference(gconstpointer a, gconstpointer b)
{
	const NetService *first = *(NetService *const *)a;
	const NetService *second = *(NetService *const *)b;

	if (first->priority != second->priority)
		return first->priority < second->priority ? -1 : 1;
	return (gint)second->weight - (gint)first->weight;
}

static bool
is_name(const char *host)
{
	return strlen(host) <= 253 &&
	       host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_.")] == '\0';
}

/* Priority, weight, port, target (RFC 2782). */
static NetService *
read_record(ns_msg *message, const ns_rr *record)
{
	const guchar *data = ns_rr_rdata(*record);
	char target[NS_MAXDNAME] = "";
	NetService *service;

	if (ns_rr_type(*record) != ns_t_srv || ns_rr_rdlen(*record) < 7)
		return NULL;
	if (ns_name_uncompress(ns_msg_base(*message), ns_msg_end(*message),
			       data + 6, target, sizeof(target)) < 0)
		return NULL;
	if (strcmp(target, ".") == 0)
		target[0] = '\0';
	if (!is_name(target))
		return NULL;
	service = g_new0(NetService, 1);
	service->priority = (guint16)ns_get16(data);
	service->weight = (guint16)ns_get16(data + 2);
	service->port = (guint16)ns_get16(data + 4);
	service->host = g_strdup(target);
	return service;
}

GPtrArray *
net_srv_parse(const guchar *answer, gsize len)
{
	GPtrArray *services = g_ptr_array_new_with_free_func(service_free);
	ns_msg message;
	guint n;

	if (len > ANSWER_MAX || ns_initparse(answer, (int)len, &message) < 0)
		return services;
	n = MIN(ns_msg_count(message, ns_s_an), NET_SRV_MAX);
	for (guint i = 0; i < n; i++) {
		ns_rr record;
		NetService *service;

		if (ns_parserr(&message, ns_s_an, (int)i, &record) < 0)
			break;
		service = read_record(&message, &record);
		if (service != NULL && service->port != 0)
			g_ptr_array_add(services, service);
		else if (service != NULL)
			service_free(service);
	}
	g_ptr_array_sort(services, by_preference);
	return services;
}

/** A question on its way; who comes last frees it. */
typedef struct {
	atomic_int references;
	char *name;
	int ready_fd;
	atomic_bool done; /* answer and len may be read */
	guchar answer[ANSWER_MAX];
	int len;
} Question;

static void
question_unref(Question *question)
{
	if (atomic_fetch_sub(&question->references, 1) != 1)
		return;
	close(question->ready_fd);
	g_free(question->name);
	g_free(question);
}

static void *
ask(void *data)
{
	Question *question = data;
	struct __res_state state = {0};
	guint64 one = 1;

	question->len = -1;
	if (res_ninit(&state) == 0) {
		state.retrans = RESOLVER_SECONDS;
		state.retry = RESOLVER_TRIES;
		question->len =
		    res_nquery(&state, question->name, ns_c_in, ns_t_srv,
			       question->answer, sizeof(question->answer));
		res_nclose(&state);
	}
	atomic_store(&question->done, true);
	if (write(question->ready_fd, &one, sizeof(one)) < 0)
		g_debug("srv: %s", g_strerror(errno));
	question_unref(question);
	return NULL;
}

/* Returns: whether the answer is there */
static bool
wait_for(const Question *question, gint64 timeout_us, const NetCancel *cancel)
{
	gint64 until = g_get_monotonic_time() + timeout_us;

	for (;;) {
		struct pollfd fds[2] = {
		    {question->ready_fd, POLLIN, 0},
		    {cancel != NULL ? net_cancel_fd(cancel) : -1, POLLIN, 0},
		};
		gint64 left = until - g_get_monotonic_time();

		if (left <= 0)
			return false;
		if (poll(fds, 2, (int)(left / 1000 + 1)) < 0 && errno != EINTR)
			return false;
		if (fds[1].revents != 0)
			return false;
		if (fds[0].revents != 0)
			return atomic_load(&question->done);
	}
}

GPtrArray *
net_srv_lookup(const char *service, const char *domain, gint64 timeout_us,
	       NetCancel *cancel)
{
	Question *question;
	GPtrArray *services = NULL;
	pthread_t thread;

	GUARD_NOT_ON_UI("net_srv_lookup");
	if (!is_name(domain) || domain[0] == '\0')
		return g_ptr_array_new_with_free_func(service_free);
	question = g_new0(Question, 1);
	question->references = 2;
	question->name = g_strdup_printf("%s.%s", service, domain);
	question->ready_fd = eventfd(0, EFD_CLOEXEC);
	thread = thread_start("srv", ask, question);
	pthread_detach(thread);
	if (wait_for(question, timeout_us, cancel) && question->len > 0)
		services = net_srv_parse(
		    question->answer,
		    MIN((gsize)question->len, sizeof(question->answer)));
	question_unref(question);
	return services != NULL ? services
				: g_ptr_array_new_with_free_func(service_free);
}
