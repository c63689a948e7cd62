using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>Section <c>Logging:File</c>. With a path the log lines go there and stdout carries only warnings and errors, for people.</summary>
internal sealed class LogFileOptions
{
    internal const string Section = "Logging:File";

    /// <summary>The file that lines are appended to; its folder is made. Older ones are <c>{path}.1</c>, <c>{path}.2</c> …</summary>
    public string? Path { get; set; }

    /// <summary>The size in bytes at which a file is rolled.</summary>
    [Range(4096, int.MaxValue)]
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many rolled files are kept beside the current one.</summary>
    [Range(1, 100)]
    public int KeepFiles { get; set; } = 2;
}
