using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;

namespace AgentPlatform.Core.ChatModels;

public sealed partial class ModelCaller
{
    /// <summary>One call with its attempts.</summary>
    private sealed class Call(
        ChatModel model,
        IList<ChatMessage> messages,
        ChatOptions options,
        Func<string, ValueTask>? onDelta,
        Func<TimeSpan>? timeLeft,
        ModelGuards guards,
        TimeProvider time)
    {
        private readonly long _started = time.GetTimestamp();
        private int _attempts;

        public async ValueTask<ModelReply> AttemptAsync(CancellationToken cancellationToken)
        {
            IDisposable? place = null;
            try
            {
                if (guards.RoomOf(model) is { } room && (place = await room.EnterAsync(cancellationToken)) is null)
                {
                    throw new ModelCallException(new ModelFailure(ModelErrorKind.RateLimited), _attempts);
                }

                return await guards.CircuitOf(model).ExecuteAsync(static (call, token) => call.AskAsync(token), this, cancellationToken);
            }
            catch (BrokenCircuitException open)
            {
                throw new ModelCallException(new ModelFailure(ModelErrorKind.Unreachable, open.RetryAfter), _attempts, open);
            }
            finally
            {
                place?.Dispose();
            }
        }

        private async ValueTask<ModelReply> AskAsync(CancellationToken cancellationToken)
        {
            _attempts++;
            var reader = new ReplyReader();
            using var patience = new AttemptPatience(model.Limits, time, cancellationToken);
            try
            {
                if (onDelta is null)
                {
                    reader.Read(await model.Client.GetResponseAsync(messages, options, patience.Token));
                }
                else
                {
                    await StreamAsync(reader, onDelta, patience);
                }
            }
            catch (WatcherFailedException watcher)
            {
                // The delta's receiver failed, not the model: its exception goes up as it was.
                ExceptionDispatchInfo.Throw(watcher.InnerException!);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                var classified = ModelErrors.Classify(failure);
                throw new ModelCallException(
                    reader.HasBegun || !HasTimeAfter(classified) ? classified with { IsTransient = false } : classified, _attempts, failure);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The SDK reports a cancelled request in several ways; callers look for one.
                throw new OperationCanceledException(null, failure, cancellationToken);
            }

            // What a filter left of a reply is not what the model wanted to say: another model may say it.
            return reader.FinishReason == ChatFinishReason.ContentFilter
                ? throw new ModelCallException(new ModelFailure(ModelErrorKind.ContentFilter), _attempts, new InvalidOperationException("The reply was cut by a content filter."))
                : reader.Build(model, messages, options, _attempts, time.GetElapsedTime(_started));
        }

        /// <summary>Waiting until the deadline for an attempt that it would cut is time taken from the fallbacks.</summary>
        private bool HasTimeAfter(ModelFailure failure) => timeLeft is null || timeLeft() > (failure.RetryAfter ?? FirstPause);

        private async Task StreamAsync(ReplyReader reader, Func<string, ValueTask> onDelta, AttemptPatience patience)
        {
            try
            {
                await foreach (var update in model.Client.GetStreamingResponseAsync(messages, options, patience.Token))
                {
                    var delta = reader.Read(update);
                    if (delta.Length > 0)
                    {
                        await HandOutAsync(onDelta, delta);
                    }

                    patience.Renew();
                }
            }
            catch (ArgumentNullException) when (reader.HasCallWithoutId)
            {
                // The client wants an id for each call when it sums up at the end; all pieces are gathered by then.
            }

            if (reader.FinishReason is null)
            {
                throw new JsonException("The stream ended without a finish reason.");
            }
        }

        private static async ValueTask HandOutAsync(Func<string, ValueTask> onDelta, string delta)
        {
            try
            {
                await onDelta(delta);
            }
            catch (Exception failure)
            {
                throw new WatcherFailedException(failure);
            }
        }
    }

    private sealed class WatcherFailedException(Exception inner) : Exception(null, inner);
}
