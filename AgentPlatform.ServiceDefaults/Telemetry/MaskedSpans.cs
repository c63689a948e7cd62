using System.Diagnostics;
using AgentPlatform.ServiceDefaults.Secrets;
using OpenTelemetry;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>Takes secrets out of spans before they are exported: out of their tags, their description of a failure and the exceptions recorded on them.</summary>
internal sealed class MaskedSpans(SecretMask secrets) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.StatusDescription is { } description)
        {
            var shown = secrets.HideAll(description);
            if (!ReferenceEquals(shown, description))
            {
                data.SetStatus(data.Status, shown);
            }
        }

        // In place: neither tags of events nor events themselves can be replaced.
        foreach (ref var tag in data.EnumerateTagObjects())
        {
            tag = MaskedTag.Of(tag, secrets);
        }

        foreach (ref readonly var recorded in data.EnumerateEvents())
        {
            foreach (ref var tag in recorded.EnumerateTagObjects())
            {
                tag = MaskedTag.Of(tag, secrets);
            }
        }
    }
}
