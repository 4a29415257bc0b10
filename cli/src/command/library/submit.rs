//! `tuiyan library submit`: a build as an array of jobs on engines that others run.

use std::path::PathBuf;
use std::process::Command;

use sim_core::error::{Problem, Problems};

use super::prepared::Prepared;
use super::{needed_out, refuse_overrides};
use crate::args::{Device, ExportedJobs, Shared, SubmitWish};
use crate::command::Outcome;
use crate::report::{self, say};

/// Writes the script of an array of jobs, and hands it over if asked to.
pub(crate) fn submit(wish: &SubmitWish, shared: &Shared) -> Outcome {
    refuse_overrides(shared)?;
    let out = needed_out(shared, "library submit")?;
    // A plan with mistakes would fail in every task: it is read here first.
    let prepared = Prepared::read(&wish.plan, shared)?;
    crate::command::run::in_pool(shared, || prepared.survey())??;
    let tasks = wish.tasks.min(prepared.plan.members());
    let job = Job {
        plan: quoted(&wish.plan.display().to_string()),
        out: out.display().to_string(),
        flags: flags(shared),
        tasks,
        threads: shared.threads.unwrap_or(1),
    };
    let text = match wish.jobs() {
        ExportedJobs::Slurm => job.slurm(),
        ExportedJobs::Kubernetes => job.kubernetes(wish.image.as_deref().unwrap_or("tuiyan:latest")),
    };
    let Some(path) = &wish.script else {
        say(text.trim_end());
        return Ok(report::DONE);
    };
    std::fs::write(path, &text).map_err(|mistake| {
        Problem::error(6000, format!("cannot be written: {mistake}"))
            .in_file(path.display().to_string())
            .fix("name a file in a folder that you may write with --script")
    })?;
    if wish.send {
        send(path, wish.jobs())?;
    }
    report::remark(&format!("{} tasks: {}", tasks, path.display()));
    Ok(report::DONE)
}

struct Job {
    plan: String,
    out: String,
    /// Flags that every task is given, each with a blank before it.
    flags: String,
    tasks: u64,
    threads: u16,
}

/// What every task must be told. Results of a device have other bits, and parts of two engines do not join: where the
/// user named no device, no task may choose one for itself.
fn flags(shared: &Shared) -> String {
    let path = |flag: &str, path: &Option<PathBuf>| {
        let path = path.as_ref().map(|path| format!(" {flag} {}", quoted(&path.display().to_string())));
        path.unwrap_or_default()
    };
    let device = match shared.device {
        Device::Auto | Device::Cpu => "cpu".to_owned(),
        Device::Gpu(None) => "gpu".to_owned(),
        Device::Gpu(Some(number)) => format!("gpu:{number}"),
    };
    format!("{}{} --device {device}", path("--data", &shared.data), path("--swmm", &shared.swmm))
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

impl Job {
    fn slurm(&self) -> String {
        let Self { plan, flags, tasks, threads, .. } = self;
        let out = quoted(&self.out);
        format!(
            "#!/bin/sh\n\
             # Task I computes part I of {tasks}; a task that is killed and requeued goes on where it stopped.\n\
             # When all have ended:  tuiyan library merge {out}/part-* --out {out}/whole\n\
             #SBATCH --job-name=tuiyan-library\n\
             #SBATCH --array=1-{tasks}\n\
             #SBATCH --cpus-per-task={threads}\n\
             #SBATCH --requeue\n\
             #SBATCH --open-mode=append\n\
             set -eu\n\
             mkdir -p {out}\n\
             exec tuiyan library build {plan}{flags} --out {out}/part-\"$SLURM_ARRAY_TASK_ID\" \\\n    \
             --shard \"$SLURM_ARRAY_TASK_ID/{tasks}\" --threads \"${{SLURM_CPUS_PER_TASK:-{threads}}}\"\n"
        )
    }

    fn kubernetes(&self, image: &str) -> String {
        let Self { plan, flags, tasks, threads, .. } = self;
        let out = quoted(&self.out);
        let build = format!(
            "part=$((JOB_COMPLETION_INDEX + 1)); exec tuiyan library build {plan}{flags} --out {out}/part-$part --shard $part/{tasks} --threads {threads}"
        );
        format!(
            "# Pod I computes part I+1 of {tasks}; plan and output lie on the volume `library`.\n\
             # When all have ended:  tuiyan library merge {out}/part-* --out {out}/whole\n\
             apiVersion: batch/v1\n\
             kind: Job\n\
             metadata:\n  name: tuiyan-library\n\
             spec:\n  completionMode: Indexed\n  completions: {tasks}\n  parallelism: {tasks}\n  backoffLimit: {retries}\n  template:\n    spec:\n      \
             restartPolicy: OnFailure\n      containers:\n        - name: build\n          image: {image}\n          command: [\"/bin/sh\", \"-c\", {build:?}]\n          \
             resources:\n            requests:\n              cpu: \"{threads}\"\n          volumeMounts:\n            - name: library\n              mountPath: /library\n          workingDir: /library\n      \
             volumes:\n        - name: library\n          persistentVolumeClaim:\n            claimName: tuiyan-library\n",
            retries = 2 * tasks
        )
    }
}

fn send(path: &std::path::Path, jobs: ExportedJobs) -> Result<(), Problems> {
    let (program, arguments): (&str, &[&str]) = match jobs {
        ExportedJobs::Slurm => ("sbatch", &[]),
        ExportedJobs::Kubernetes => ("kubectl", &["apply", "-f"]),
    };
    let outcome = Command::new(program).args(arguments).arg(path).status();
    let why = match outcome {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => format!("{program} ended with {status}"),
        Err(mistake) => format!("{program} cannot be started: {mistake}"),
    };
    Err(Problem::error(8660, why)
        .in_file(path.display().to_string())
        .fix("the script is written: hand it over yourself, or build with tuiyan library build, which needs no cluster")
        .into())
}
