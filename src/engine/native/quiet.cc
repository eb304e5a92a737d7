// A small addon beside tfjs-node's: holds back what is written to stderr while TensorFlow's library is loaded.
// The library says there, before any setting can reach it, that oneDNN is on: red lines in everybody's first cell.
#include <node_api.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace {

int stderr_itself = -1;
FILE* held = nullptr;

// Leads descriptor 2 into a file. Where that is not possible nothing is held.
napi_value Hold(napi_env, napi_callback_info) {
  if (held) return nullptr;
  held = std::tmpfile();
  if (!held) return nullptr;
  stderr_itself = dup(STDERR_FILENO);
  if (stderr_itself < 0 || dup2(fileno(held), STDERR_FILENO) < 0) {
    if (stderr_itself >= 0) close(stderr_itself);
    std::fclose(held);
    held = nullptr;
  }
  return nullptr;
}

// Gives descriptor 2 back and returns what was written to it.
napi_value Release(napi_env env, napi_callback_info) {
  std::string text;
  if (held) {
    std::fflush(stderr);
    dup2(stderr_itself, STDERR_FILENO);
    close(stderr_itself);
    std::rewind(held);
    char part[4096];
    for (size_t read; (read = std::fread(part, 1, sizeof part, held)) > 0;) text.append(part, read);
    std::fclose(held);
    held = nullptr;
  }
  napi_value result;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"hold", nullptr, Hold, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"release", nullptr, Release, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
