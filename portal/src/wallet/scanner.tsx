// The camera, looking for a QR code until it finds one or is closed.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Notice } from "../ui/controls.js";
import { Dialog } from "../ui/dialog.js";
import { readQr } from "./scan.js";
import { t } from "./words.js";

const lookEveryMs = 220;

async function openCamera(video: HTMLVideoElement): Promise<MediaStream> {
    const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 } },
    });
    video.srcObject = stream;
    await video.play();
    return stream;
}

export function Scanner(props: {
    onCode: (text: string) => void;
    onClose: () => void;
}): JSX.Element {
    const video = useRef<HTMLVideoElement>(null);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
        let stream: MediaStream | undefined;
        let over = false;
        const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
        const look = async (view: HTMLVideoElement): Promise<void> => {
            if (over) return;
            const text = await readQr(view, view.videoWidth, view.videoHeight);
            if (over) return;
            if (text !== undefined) return props.onCode(text);
            setTimeout(() => void look(view), lookEveryMs);
        };
        const start = async (view: HTMLVideoElement): Promise<void> => {
            try {
                stream = await openCamera(view);
                // The sheet may have been closed while the user was asked for permission.
                if (over) return stop();
                await look(view);
            } catch {
                if (!over) setFailed(true);
            }
        };
        if (video.current) void start(video.current);
        return () => {
            over = true;
            stop();
        };
    }, []);
    return (
        <Dialog title={t("scan")} closeLabel={t("close")} onClose={props.onClose}>
            {failed ? <Notice kind="warn">{t("scan_no_camera")}</Notice> : null}
            <div class={`viewfinder ${failed ? "off" : ""}`}>
                <video ref={video} muted playsInline />
                <span class="frame" aria-hidden="true" />
            </div>
            {failed ? null : <p class="muted center">{t("scan_hint")}</p>}
        </Dialog>
    );
}
