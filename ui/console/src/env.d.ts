/// <reference types="vite/client" />
/// <reference types="element-plus/global" />
declare module '*.vue' {
    import type { DefineComponent } from 'vue';
    const component: DefineComponent<object, object, unknown>;
    export default component;
}
declare module 'element-plus/es/locale/lang/*.mjs';
declare module 'qrcode' {
    export function toDataURL(text: string, options?: { margin?: number; width?: number; errorCorrectionLevel?: 'L' | 'M' | 'Q' | 'H' }): Promise<string>;
}
