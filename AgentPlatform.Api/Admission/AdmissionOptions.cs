using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Agent;

namespace AgentPlatform.Api.Admission;

/// <summary>How many questions one API process works on, and how many wait. Section <c>Admission</c>.</summary>
internal sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>
    /// Questions under way, streams included. All API processes together should let in no more than the executors take
    /// (<c>Runs:MaxConcurrent</c> each): what waits here can go to whichever of them has room.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxConcurrent { get; set; } = 500;

    /// <summary>Questions that wait, first come first served; one more is refused with 503.</summary>
    [Range(0, 100_000)]
    public int MaxQueued { get; set; } = 500;

    /// <summary>A question that would, as things go, not be answered within this is refused instead of queued: its own timeout is not known yet.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(QuestionBody.DefaultTimeout);
}
