/* fuzz-net.h - a stream that reads from memory */
#pragma once

#include "net-stream.h"

/** fuzz_net_input: what every stream reads from now on; borrowed */
void fuzz_net_input(const guint8 *data, gsize size);
