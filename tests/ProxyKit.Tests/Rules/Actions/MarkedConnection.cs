using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Rules.Actions;

/// <summary>A connection that notes what is said of its packets.</summary>
internal sealed class MarkedConnection : Connection
{
    public List<string> Told { get; } = [];

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    public override bool TryReceive(Span<byte> buffer, out IoResult result) => throw new NotSupportedException();

    public override ValueTask<IoResult> SendSomeAsync(ReadOnlyMemory<byte> buffer) => throw new NotSupportedException();

    public override ValueTask ShutdownSendAsync() => throw new NotSupportedException();

    public override void Abort() => throw new NotSupportedException();

    internal override bool TrySetMark(uint mark) => Note($"mark {mark}");

    internal override bool TrySetTypeOfService(byte value) => Note($"tos {value}");

    internal override void HideAbort(byte? hops) => Note($"hide {hops}");

    protected override bool StartWait() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
    }

    private bool Note(string what)
    {
        Told.Add(what);
        return true;
    }
}
