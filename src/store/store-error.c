/* store-error.c - the error domain of the store */
#include "store-error.h"

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(store-error-quark, store_error)
/* clang-format on */
