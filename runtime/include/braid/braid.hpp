// The public API of the runtime in one header.
#pragma once

#include <braid/atomic.hpp>
#include <braid/chan.hpp>
#include <braid/choice.hpp>
#include <braid/context.hpp>
#include <braid/error.hpp>
#include <braid/go.hpp>
#include <braid/mutex.hpp>
#include <braid/panic.hpp>
#include <braid/print.hpp>
#include <braid/run.hpp>
#include <braid/select.hpp>
#include <braid/time.hpp>
#include <braid/timer.hpp>
#include <braid/var.hpp>
#include <braid/wait_group.hpp>
#include <braid/where.hpp>
