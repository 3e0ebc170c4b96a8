//! The `keiretsu` program; see [`keiretsu::cli`].

fn main() -> std::process::ExitCode {
    keiretsu::cli::main()
}
