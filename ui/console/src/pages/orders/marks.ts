// Marks that a scanner reads, on sheets and labels.
export async function drawBarcode(selector: string, text: string): Promise<void> {
    const { default: JsBarcode } = await import('jsbarcode');
    JsBarcode(selector, text, { format: 'CODE128', width: 1.4, height: 44, margin: 0, fontSize: 13, displayValue: true });
}

export async function drawQr(selector: string, text: string): Promise<void> {
    const { toDataURL } = await import('qrcode');
    const image = document.querySelector<HTMLImageElement>(selector);
    if (image) image.src = await toDataURL(text, { margin: 0, width: 160, errorCorrectionLevel: 'M' });
}
