/* store-error.c - the error domain of the store */
#include "store-error.h"

G_DEFINE_QUARK(pennon - store - error - quark, store_error)
