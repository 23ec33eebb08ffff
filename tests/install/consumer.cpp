#include <cstdio>
#include <wsf/wsf.h>

int main() {
  std::printf("libwsf %s\n", wsf_version());
  return wsf_version_number() ==
                 10000 * WSF_VERSION_MAJOR + 100 * WSF_VERSION_MINOR + WSF_VERSION_PATCH
             ? 0
             : 1;
}
