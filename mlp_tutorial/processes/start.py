"""Starting `distributed` in several processes of this machine from a notebook, as torchrun does from a terminal."""

import os
import re
import subprocess
import sys
import tempfile
import weakref

from mlp_tutorial import checks

FIXED = {"PYTHONIOENCODING": "utf-8", "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}  # the latter: see training.join
FIXED |= {"GLOO_SOCKET_IFNAME": {"linux": "lo", "darwin": "lo0"}[sys.platform]} if sys.platform != "win32" else {}


class Run:
    """`torchrun -m mlp_tutorial.distributed` in the background; it ends with this object or with Python at the latest.

    Args:
        options: of the script, such as "--folder", "results".
        n_processes: how many take part, all on this machine.
        max_restarts: how often torchrun may start all of them again after one has failed.
    """

    def __init__(self, *options: str, n_processes: int = 2, max_restarts: int = 0) -> None:
        n_processes = checks.whole_number("n_processes", n_processes)
        folder = tempfile.TemporaryDirectory()  # torchrun would leave one of its own, the processes their caches
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
        command += ["--nproc-per-node", str(n_processes), "--max-restarts", str(max_restarts)]
        env = {"OMP_NUM_THREADS": "1"} | os.environ | FIXED | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder.name)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "errors": "replace"}
        self.process = subprocess.Popen([*command, "-m", "mlp_tutorial.distributed", *options], env=env, **pipes)
        self._end = weakref.finalize(self, end, self.process, folder)
        self._stopped = False

    def wait(self, seconds: float = 55) -> str:
        """Wait for the run's end and return what it printed; afterwards nothing of it is left.

        Raises:
            RuntimeError: a process failed and no restart was left; the message says which, and how. Or the run was
                ended before, by a wait that took too long or was interrupted.
            TimeoutError: the run took longer than `seconds` from now, and was ended.
        """
        if self._stopped:
            raise RuntimeError("앞의 wait()에서 멈춘 실행입니다. Run(…)이 있는 셀부터 다시 실행하십시오.")
        self._stopped = True  # unless it ends by itself
        try:
            out, err = self.process.communicate(timeout=seconds)
            self._stopped = False
        except subprocess.TimeoutExpired:
            said = f"{seconds:g}초를 더 기다려도 끝나지 않아 멈췄습니다. seconds를 늘려 처음부터 다시 해 보십시오."
            raise TimeoutError(said) from None
        finally:
            self._end()
        if self.process.returncode:
            raise RuntimeError(explain(out, err))
        return out


def explain(out: str, err: str) -> str:
    """Return in Korean which process of a failed run failed first and how, from torchrun's long report."""
    said = [line for line in dict.fromkeys(err.splitlines()) if line.startswith("오류:")]
    cause = re.search(r"Root Cause.*?rank +: (\d+).*?exitcode +: (-?\d+) \(pid: \d+\)(?: +\((\w+)\))?", err, re.DOTALL)
    if not cause:
        return "\n".join([*said, "torchrun이 시작하지 못했습니다. 그 끝말:", *err.splitlines()[-5:]])
    rank, code, name = cause.groups()
    how = f"신호 {-int(code)}, {name}" if int(code) < 0 else f"종료 코드 {code}"
    return "\n".join([f"실패한 프로세스: {rank} ({how})", *said, "그때까지의 출력:", *out.splitlines()])


def end(process: subprocess.Popen, folder: tempfile.TemporaryDirectory) -> None:
    """Ask torchrun to end its processes, which it kills after half a minute, and itself."""
    if process.poll() is None:
        process.terminate()
        process.communicate()
    folder.cleanup()
