// The public API of the runtime in one header.
#pragma once

#include <braid/atomic.hpp>
#include <braid/atomic_value.hpp>
#include <braid/chan.hpp>
#include <braid/choice.hpp>
#include <braid/concurrent_map.hpp>
#include <braid/cond.hpp>
#include <braid/errgroup.hpp>
#include <braid/error.hpp>
#include <braid/go.hpp>
#include <braid/mutex.hpp>
#include <braid/object_pool.hpp>
#include <braid/once.hpp>
#include <braid/panic.hpp>
#include <braid/print.hpp>
#include <braid/run.hpp>
#include <braid/select.hpp>
#include <braid/select_n.hpp>
#include <braid/shared_mutex.hpp>
#include <braid/singleflight.hpp>
#include <braid/time.hpp>
#include <braid/var.hpp>
#include <braid/wait_group.hpp>
#include <braid/weighted_semaphore.hpp>
#include <braid/where.hpp>
