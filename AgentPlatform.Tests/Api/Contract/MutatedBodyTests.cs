using System.Text;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class MutatedBodyTests(ContractApi api) : IClassFixture<ContractApi>
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(
        """{"question":"What is 17% of 2340? 😀 \ud83d\ude00","session_id":"s-1","timeout":30,"agent":"default","strict":false,"metadata":{"team":"a\"b"},"user":"ada"}""");

    private static readonly Gen<byte> Structural = Gen.Int[0, 13].Select(index => "\"\\{}[]:,0-e\0\u007f "u8[index]);

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf(
        Gen.Select<int, byte, Func<byte[], byte[]>>(Gen.Int[0, 1_000], Gen.Byte, (at, value) => body => Change(body, at, value)),
        Gen.Select<int, byte, Func<byte[], byte[]>>(Gen.Int[0, 1_000], Structural, (at, value) => body => Insert(body, at, value)),
        Gen.Select<int, int, Func<byte[], byte[]>>(Gen.Int[0, 1_000], Gen.Int[1, 20], (at, length) => body => Remove(body, at, length)),
        Gen.Select<int, int, int, Func<byte[], byte[]>>(Gen.Int[0, 1_000], Gen.Int[1, 60], Gen.Int[0, 1_000], (from, length, to) => body => Copy(body, from, length, to)),
        Gen.Select<int, Func<byte[], byte[]>>(Gen.Int[0, 1_000], length => body => body[..(length % (body.Length + 1))]));

    [Fact]
    public async Task No_mutated_body_is_a_fault_of_the_server() => await Mutation.Array[1, 4].SampleAsync(
        async mutations =>
        {
            var body = mutations.Aggregate(Good, (bytes, mutate) => mutate(bytes));
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await api.Client.PostAsync(new Uri("/agent", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode < 500, $"{(int)response.StatusCode} for {Encoding.UTF8.GetString(body)}");
        },
        seed: "0000KOIPe036",
        iter: 500,
        threads: 1);

    private static byte[] Change(byte[] body, int at, byte value) =>
        body.Length == 0 ? [value] : [.. body[..(at % body.Length)], value, .. body[((at % body.Length) + 1)..]];

    private static byte[] Insert(byte[] body, int at, byte value) =>
        [.. body[..(at % (body.Length + 1))], value, .. body[(at % (body.Length + 1))..]];

    private static byte[] Remove(byte[] body, int at, int length)
    {
        var from = at % (body.Length + 1);
        return [.. body[..from], .. body[Math.Min(body.Length, from + length)..]];
    }

    private static byte[] Copy(byte[] body, int from, int length, int to)
    {
        var start = from % (body.Length + 1);
        var piece = body[start..Math.Min(body.Length, start + length)];
        var place = to % (body.Length + 1);
        return [.. body[..place], .. piece, .. body[place..]];
    }
}
