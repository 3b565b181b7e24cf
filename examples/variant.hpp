// Each example is written twice: as it was at first, and as it should be.
#pragma once

enum class variant { buggy, fixed };
