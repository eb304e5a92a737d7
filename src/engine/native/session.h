// Compiled in front of tfjs-node's own sources (g++ -include session.h), which stay as they are.
// It stands between the binding and two calls of TensorFlow's C API, and adds three things:
//   1. a graph whose first output is named "caller…" runs in the calling thread: no pool has to be woken;
//   2. a graph whose folder holds a config.pb is loaded with it (the bytes of a ConfigProto: threads, XLA,
//      Grappler), and one whose folder's name holds "-1thread" gets a thread pool of its own;
//   3. a failed run frees its inputs, which the binding forgets.
#pragma once
#include <dlfcn.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>

#include "tensorflow/c/c_api.h"

namespace losslab {

// RunOptions { inter_op_thread_pool: -1 }, field 3 as a varint.
inline const TF_Buffer* caller_thread_options() {
  static const unsigned char bytes[] = {0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
  static const TF_Buffer* options = TF_NewBufferFromString(bytes, sizeof bytes);
  return options;
}

inline bool wants_caller_thread(const TF_Output* outputs, int count) {
  return count > 0 && std::strncmp(TF_OperationName(outputs[0].oper), "caller", 6) == 0;
}

inline void SessionRun(TF_Session* session, const TF_Buffer* options, const TF_Output* inputs,
                       TF_Tensor* const* input_values, int n_inputs, const TF_Output* outputs,
                       TF_Tensor** output_values, int n_outputs, const TF_Operation* const* targets,
                       int n_targets, TF_Buffer* metadata, TF_Status* status) {
  if (!options && wants_caller_thread(outputs, n_outputs)) options = caller_thread_options();
  TF_SessionRun(session, options, inputs, input_values, n_inputs, outputs, output_values, n_outputs, targets,
                n_targets, metadata, status);
  if (TF_GetCode(status) == TF_OK) return;
  for (int i = 0; i < n_inputs; i++) TF_DeleteTensor(input_values[i]);
}

inline std::string read_config(const char* folder) {
  std::ifstream file(std::string(folder) + "/config.pb", std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// While it lives, a session that is created gets its own thread pool instead of the process's. The switch is
// a static member of TensorFlow's LocalDevice, found by its mangled name; where it is absent nothing changes.
class OwnPool {
 public:
  explicit OwnPool(bool wanted)
      : global_(wanted ? static_cast<bool*>(dlsym(RTLD_DEFAULT, kSwitch)) : nullptr) {
    if (global_) *global_ = false;
  }
  ~OwnPool() {
    if (global_) *global_ = true;
  }

 private:
  static constexpr const char* kSwitch = "_ZN10tensorflow11LocalDevice22use_global_threadpool_E";
  bool* global_;
};

inline TF_Session* LoadSession(const TF_SessionOptions* options, const TF_Buffer* run_options, const char* folder,
                               const char* const* tags, int n_tags, TF_Graph* graph, TF_Buffer* meta_graph,
                               TF_Status* status) {
  const std::string config = read_config(folder);
  if (config.empty())
    return TF_LoadSessionFromSavedModel(options, run_options, folder, tags, n_tags, graph, meta_graph, status);
  static std::mutex one_at_a_time;
  std::lock_guard<std::mutex> lock(one_at_a_time);
  TF_SessionOptions* own = TF_NewSessionOptions();
  TF_SetConfig(own, config.data(), config.size(), status);
  TF_Session* session = nullptr;
  if (TF_GetCode(status) == TF_OK) {
    OwnPool pool(std::strstr(folder, "-1thread") != nullptr);
    session = TF_LoadSessionFromSavedModel(own, run_options, folder, tags, n_tags, graph, meta_graph, status);
  }
  TF_DeleteSessionOptions(own);
  return session;
}

}  // namespace losslab

#define TF_SessionRun losslab::SessionRun
#define TF_LoadSessionFromSavedModel losslab::LoadSession
